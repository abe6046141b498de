//! What the networks of several systems share: devices, matrix products, row operations and
//! attention on the processor, rotary positions, weights in half precision.

pub mod attention;
pub mod device;
pub mod linear;
pub mod matmul;
pub mod rotary;
pub mod rows;
pub mod weights;
