pub mod faults;
pub mod source;
