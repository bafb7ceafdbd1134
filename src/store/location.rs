//! Addresses: `s3://bucket/prefix` or a local folder.

use std::path::{Path, PathBuf};

/// Where a store's root lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    Local(PathBuf),
    S3 { bucket: String, prefix: String },
}

impl Location {
    /// Reads an address of a job file; a relative folder is taken from `base`, the job file's own folder.
    ///
    /// The message of the error says what is wrong with the address.
    pub fn parse(address: &str, base: &Path) -> std::result::Result<Self, String> {
        if let Some(rest) = address.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err("the bucket's name is missing after s3://".into());
            }
            return Ok(Location::S3 {
                bucket: bucket.to_owned(),
                prefix: prefix.trim_matches('/').to_owned(),
            });
        }
        if let Some((scheme, _)) = address.split_once("://") {
            return Err(format!("{scheme}:// is not supported; use s3:// or a local path"));
        }
        if address.is_empty() {
            return Err("the address is empty".into());
        }
        Ok(Location::Local(base.join(address)))
    }

    /// The prefix of every key of this store within its bucket; empty for a local folder.
    pub fn key_prefix(&self) -> &str {
        match self {
            Location::Local(_) => "",
            Location::S3 { prefix, .. } => prefix,
        }
    }

    /// The bucket's name; empty for a local folder.
    pub fn bucket(&self) -> &str {
        match self {
            Location::Local(_) => "",
            Location::S3 { bucket, .. } => bucket,
        }
    }

    /// The address of `path` below this location, for messages.
    pub fn url(&self, path: &str) -> String {
        match self {
            Location::Local(folder) => folder.join(path).display().to_string(),
            Location::S3 { bucket, prefix } => {
                let key = [prefix.as_str(), path]
                    .iter()
                    .filter(|p| !p.is_empty())
                    .copied()
                    .collect::<Vec<_>>()
                    .join("/");
                format!("s3://{bucket}/{key}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_from_the_job_files_folder() {
        let base = Path::new("jobs");
        assert_eq!(Location::parse("wh", base), Ok(Location::Local("jobs/wh".into())));
        let s3 = Location::parse("s3://b/a/c/", base).unwrap();
        assert_eq!(s3.url("x/y"), "s3://b/a/c/x/y");
        assert_eq!(Location::parse("s3://b", base).unwrap().url("k"), "s3://b/k");
        assert!(Location::parse("gs://b/x", base).unwrap_err().contains("gs://"));
        assert!(Location::parse("s3:///x", base).is_err());
    }
}
