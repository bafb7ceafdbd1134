//! Errors of the object store in our words: what happened, where, and what to do.

use std::path::Path;

use super::location::Location;
use crate::error::Error;

/// What an error at `path` means for a run.
pub fn of(location: &Location, path: &str, error: &object_store::Error) -> Error {
    match Answer::of(error) {
        Answer::NoBucket => Error::StoreRefused {
            url: location.url(path),
            message: format!("there is no bucket {}", location.bucket()),
            hint: "check the bucket's name and region in the job file".into(),
        },
        Answer::Denied => refused(location, path, error),
        Answer::Gone => Error::WarehouseChanged {
            url: location.url(path),
            message: "the object is gone".into(),
        },
        // What a local disk refuses, it refuses again.
        Answer::Other if matches!(location, Location::Local(_)) => refused(location, path, error),
        Answer::Other => Error::StoreUnavailable {
            url: location.url(path),
            message: root_cause(error),
        },
    }
}

/// What an error means for us.
enum Answer {
    NoBucket,
    Denied,
    Gone,
    Other,
}

impl Answer {
    /// A listing that is refused comes as a generic error whose text alone has the status code.
    fn of(error: &object_store::Error) -> Self {
        let text = format!("{error:?}");
        let status = |code: &str| text.contains(&format!("status: {code}"));
        match error {
            _ if text.contains("NoSuchBucket") => Answer::NoBucket,
            object_store::Error::NotFound { .. } => Answer::Gone,
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                Answer::Denied
            }
            // 301 and 400: another region, or a token that has expired.
            object_store::Error::Generic { .. } if ["301", "400", "401", "403"].into_iter().any(status) => {
                Answer::Denied
            }
            object_store::Error::Generic { .. } if status("404") => Answer::NoBucket,
            _ => Answer::Other,
        }
    }
}

/// The store says no, and will say so again.
pub fn refused(location: &Location, path: &str, error: &object_store::Error) -> Error {
    let hint = match location {
        Location::S3 { .. } => "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and the bucket's policy",
        Location::Local(_) => "check the folder's path and permissions, and that the disk is not full",
    };
    Error::StoreRefused {
        url: location.url(path),
        message: root_cause(error),
        hint: hint.into(),
    }
}

/// A local folder cannot be used.
pub fn local_error(folder: &Path, error: &std::io::Error) -> Error {
    Error::StoreRefused {
        url: folder.display().to_string(),
        message: error.to_string(),
        hint: "check the folder's path and permissions".into(),
    }
}

/// The innermost message: what a person can act on, without the layers of the HTTP client.
fn root_cause(error: &object_store::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text = cause.to_string();
    text.lines().next().unwrap_or_default().chars().take(300).collect()
}
