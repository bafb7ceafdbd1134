pub mod job;
pub mod sample;
