//! Worker threads, which compute parts of a batch side by side.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use anyhow::{Error, Result, anyhow, ensure};
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer, MultiGradientsParams};
use burn::tensor::{Device, Tensor};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::scalar;

/// Worker threads. On the processor much of a network's work runs in one thread, so whole parts of a
/// batch are computed side by side, each in a pool of one thread. A single worker has all threads.
pub struct Workers(Vec<ThreadPool>);

impl Workers {
    /// So many workers.
    ///
    /// # Errors
    /// When there are none, or the system has no threads left.
    pub fn new(count: usize) -> Result<Self> {
        ensure!(count > 0, "there must be at least one worker");
        let pool = |_| ThreadPoolBuilder::new().num_threads(1).build();
        Ok(Self((0..count).map(pool).collect::<Result<_, _>>()?))
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Calls `job` with the number of each worker, from 0. The results are in the order of the workers.
    ///
    /// # Errors
    /// When a job panics: the message of the first that did.
    pub fn each<T: Send>(&self, job: &(impl Fn(usize) -> T + Sync)) -> Result<Vec<T>> {
        if self.0.len() == 1 {
            let result = panic::catch_unwind(AssertUnwindSafe(|| job(0)));
            return Ok(vec![result.map_err(|payload| panicked(0, payload.as_ref()))?]);
        }
        let results: Vec<thread::Result<T>> = thread::scope(|scope| {
            let pools = self.0.iter().enumerate();
            let started: Vec<_> =
                pools.map(|(worker, pool)| scope.spawn(move || pool.install(|| job(worker)))).collect();
            started.into_iter().map(|handle| handle.join()).collect()
        });
        let value = |(worker, result): (usize, thread::Result<T>)| {
            result.map_err(|payload| panicked(worker, payload.as_ref()))
        };
        results.into_iter().enumerate().map(value).collect()
    }

    /// Takes a step: each worker computes the loss of its part of the batch with a copy of the network, and
    /// the optimizer moves the network along the gradients of all of them. Returns the sum of the losses,
    /// so what `loss` gives for a worker is that worker's share of the step's loss. `device` is the one that
    /// the weights are on.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub fn step<M: Module + Sync>(
        &self,
        device: &Device,
        network: &mut M,
        optimizer: &mut ModuleOptimizer,
        learning_rate: f64,
        loss: &(impl Fn(usize, &M) -> Tensor<1> + Sync),
    ) -> Result<f64> {
        let whole = &*network;
        let job = |worker: usize| {
            let network = whole.clone().fork(device);
            let loss = loss(worker, &network);
            let value = scalar(loss.clone());
            (GradientsParams::from_grads(loss.backward(), &network), value)
        };
        let (grads, loss) = self.gradients(device, &job)?;
        *network = optimizer.step_multi(learning_rate, network.clone(), grads);
        Ok(loss)
    }

    /// The gradients of all workers for one step of an optimizer, and the sum of their losses.
    fn gradients(
        &self,
        device: &Device,
        job: &(impl Fn(usize) -> (GradientsParams, f64) + Sync),
    ) -> Result<(MultiGradientsParams, f64)> {
        let results = self.each(job)?;
        let loss = results.iter().map(|(_, loss)| loss).sum();
        let plain = device.clone().inner();
        let grads = results.into_iter().map(|(grads, _)| (grads, plain.clone())).collect();
        Ok((MultiGradientsParams { grads }, loss))
    }
}

fn panicked(worker: usize, payload: &(dyn Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().copied();
    let message = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    anyhow!("worker {} panicked: {}", worker + 1, message.unwrap_or("it left no message"))
}

#[cfg(test)]
#[path = "workers_tests.rs"]
mod tests;
