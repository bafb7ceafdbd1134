//! The one integration test binary: a second one would link polars a second time.

mod s3_server;
