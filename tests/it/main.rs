//! The one integration test binary: a second one would link polars a second time.

#[cfg(test)]
mod canonical;
#[cfg(test)] // tells clippy that helpers, too, may unwrap
mod s3_server;
