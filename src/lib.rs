pub mod job;
pub mod landing;
pub mod stage;
