//! What the networks of several systems share: devices, matrix products, row operations and
//! attention on the processor, layers of transformers, rotary positions, model files, samplers, chance that is
//! correlated as people's is.

pub mod archive;
pub mod attention;
pub mod chance;
pub mod device;
mod error;
pub mod files;
pub mod layers;
pub mod linear;
pub mod matmul;
pub mod product;
pub mod rotary;
pub mod rows;
pub mod sampling;
pub mod weights;
