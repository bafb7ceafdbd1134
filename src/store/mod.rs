//! Objects on S3 or in a local folder, behind one blocking interface.
//!
//! Owns: opening a store from a URL, retries, and the translation of store errors into ours. Promises: a put is atomic
//! (a reader sees the old object or the new one), `put_new` creates or does nothing, credentials come from the
//! environment only, and an object another process is writing is never listed half done.

mod lease;
mod location;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, RetryConfig};
use tokio::runtime::Handle;

use crate::error::{Error, Result};
pub use lease::Lease;
pub use location::Location;

/// Requests under way at once; S3 answers each in tens of milliseconds, so a run waits for few round trips.
const REQUESTS_AT_ONCE: usize = 32;

/// A folder of objects: a bucket prefix or a local directory.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    location: Location,
    runtime: Handle,
    /// Set for a rehearsal: what would be written stays here and nothing is deleted.
    rehearsal: Option<Arc<Mutex<BTreeMap<String, Bytes>>>>,
}

/// One listed object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Path relative to the store's root.
    pub path: String,
    pub size_bytes: u64,
    /// Changes whenever the content does: the entity tag (on local disk made of inode, time and size).
    pub version: String,
}

impl Store {
    /// Opens the store at `location`. A local folder is made when `create` is set, and must exist otherwise.
    pub fn open(location: &Location, create: bool, runtime: &Handle) -> Result<Self> {
        let objects: Arc<dyn ObjectStore> = match location {
            Location::Local(folder) => {
                if create {
                    std::fs::create_dir_all(folder).map_err(|e| local_error(folder, &e))?;
                }
                let canonical = folder.canonicalize().map_err(|e| local_error(folder, &e))?;
                let local = LocalFileSystem::new_with_prefix(canonical).map_err(|e| refused(location, "", &e))?;
                Arc::new(local)
            }
            Location::S3 { bucket, .. } => {
                let builder = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    .with_retry(retries()?)
                    .with_client_options(client_options()?);
                Arc::new(builder.build().map_err(|e| refused(location, "", &e))?)
            }
        };
        Ok(Self::new(objects, location.clone(), runtime.clone()))
    }

    /// A store over any object store; tests put a faulty one here.
    pub fn new(objects: Arc<dyn ObjectStore>, location: Location, runtime: Handle) -> Self {
        Self {
            objects,
            location,
            runtime,
            rehearsal: None,
        }
    }

    /// The same store, whose writes stay in memory: what a plan works on.
    pub fn rehearsal(mut self) -> Self {
        self.rehearsal = Some(Arc::default());
        self
    }

    fn rehearse<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Bytes>) -> T) -> Option<T> {
        let written = self.rehearsal.as_ref()?;
        Some(act(&mut written.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The whole address of a path of this store, for messages.
    pub fn url(&self, path: &str) -> String {
        self.location.url(path)
    }

    /// Everything below `prefix`, sorted by path.
    pub fn list(&self, prefix: &str) -> Result<Vec<Listed>> {
        let at = self.full_path(prefix);
        let found = self
            .runtime
            .block_on(async { self.objects.list(Some(&at)).try_collect().await });
        self.listed(&self.full_path(""), prefix, found)
    }

    /// The objects of one folder, without those of its folders, sorted by path.
    pub fn list_folder(&self, prefix: &str) -> Result<Vec<Listed>> {
        let at = self.full_path(prefix);
        let found = self.runtime.block_on(self.objects.list_with_delimiter(Some(&at)));
        self.listed(&self.full_path(""), prefix, found.map(|found| found.objects))
    }

    /// As `list`, with the versions that `put` returned: where a listing has no entity tags, each object is asked for its own.
    pub fn list_versions(&self, prefix: &str) -> Result<Vec<Listed>> {
        let at = self.full_path(prefix);
        let root = self.full_path("");
        let asked = async {
            let found: Vec<ObjectMeta> = self.objects.list(Some(&at)).try_collect().await?;
            let asked = found.into_iter().map(|meta| async move {
                match meta.e_tag {
                    Some(_) => Ok(meta),
                    None => self.objects.head(&meta.location).await,
                }
            });
            futures::stream::iter(asked)
                .buffered(REQUESTS_AT_ONCE)
                .try_collect()
                .await
        };
        let found: object_store::Result<Vec<ObjectMeta>> = self.runtime.block_on(asked);
        self.listed(&root, prefix, found)
    }

    fn listed(&self, root: &Path, prefix: &str, found: object_store::Result<Vec<ObjectMeta>>) -> Result<Vec<Listed>> {
        let mut listed: Vec<Listed> = found
            .map_err(|e| self.error(prefix, &e))?
            .into_iter()
            .map(|meta| Listed {
                path: relative(root, &meta.location),
                size_bytes: meta.size,
                version: meta
                    .e_tag
                    .unwrap_or_else(|| format!("{}-{}", meta.size, meta.last_modified.timestamp_micros())),
            })
            .collect();
        listed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(listed)
    }

    /// The object's bytes.
    pub fn get(&self, path: &str) -> Result<Bytes> {
        if let Some(Some(bytes)) = self.rehearse(|written| written.get(path).cloned()) {
            return Ok(bytes);
        }
        let at = self.full_path(path);
        let got = self
            .runtime
            .block_on(async { self.objects.get(&at).await?.bytes().await });
        got.map_err(|e| self.error(path, &e))
    }

    /// The bytes of many objects, several at once, in the order given.
    pub fn get_all(&self, paths: &[String]) -> Result<Vec<Bytes>> {
        if self.rehearsal.is_some() {
            return paths.iter().map(|path| self.get(path)).collect();
        }
        let gets = paths.iter().map(|path| async move {
            let got = async { self.objects.get(&self.full_path(path)).await?.bytes().await };
            got.await.map_err(|e| self.error(path, &e))
        });
        self.runtime
            .block_on(futures::stream::iter(gets).buffered(REQUESTS_AT_ONCE).try_collect())
    }

    /// The object's bytes, or `None` when there is no such object.
    pub fn get_if_there(&self, path: &str) -> Result<Option<Bytes>> {
        let at = self.full_path(path);
        match self
            .runtime
            .block_on(async { self.objects.get(&at).await?.bytes().await })
        {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(self.error(path, &e)),
        }
    }

    /// Writes or replaces one object in one atomic step; returns the version that `list` will show.
    pub fn put(&self, path: &str, bytes: Bytes) -> Result<String> {
        Ok(self.put_all(vec![(path.to_owned(), bytes)])?.remove(0))
    }

    /// Writes many objects, several at once; returns their versions in the order given. On an error some may be written.
    pub fn put_all(&self, objects: Vec<(String, Bytes)>) -> Result<Vec<String>> {
        let count = objects.len();
        if self.rehearsal.is_some() {
            self.rehearse(|written| written.extend(objects));
            return Ok(vec![String::new(); count]);
        }
        let puts = objects.into_iter().map(|(path, bytes)| async move {
            let size = bytes.len();
            match self.objects.put(&self.full_path(&path), bytes.into()).await {
                Ok(done) => Ok(done.e_tag.unwrap_or_else(|| format!("{size}-"))),
                Err(e) => Err(self.error(&path, &e)),
            }
        });
        self.runtime
            .block_on(futures::stream::iter(puts).buffered(REQUESTS_AT_ONCE).try_collect())
    }

    /// Creates an object; `false` when one with other content stands there already.
    ///
    /// A create that the client retries can meet its own first success, so the content decides: every caller writes
    /// something only it can have written.
    pub fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool> {
        if self
            .rehearse(|written| written.insert(path.to_owned(), bytes.clone()))
            .is_some()
        {
            return Ok(true);
        }
        let at = self.full_path(path);
        let put = || self.objects.put_opts(&at, bytes.clone().into(), PutMode::Create.into());
        match self.runtime.block_on(again(put)) {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                Ok(self.get_if_there(path)?.is_some_and(|there| there == bytes))
            }
            Err(e) => Err(self.error(path, &e)),
        }
    }

    /// Removes objects; one that is gone already is no error.
    pub fn delete_all(&self, paths: &[String]) -> Result<()> {
        if self.rehearsal.is_some() {
            return Ok(());
        }
        let deletes = paths.iter().map(|path| async move {
            let at = self.full_path(path);
            match again(|| self.objects.delete(&at)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(e) => Err(self.error(path, &e)),
            }
        });
        self.runtime.block_on(
            futures::stream::iter(deletes)
                .buffer_unordered(REQUESTS_AT_ONCE)
                .try_collect(),
        )
    }

    /// Removes what a process that was killed left half written below `prefix` on a local disk: objects are written beside
    /// their place, as `name#number`, and moved. No listing shows them; S3 has nothing of the kind.
    pub fn remove_partial_writes(&self, prefix: &str) -> Result<()> {
        match &self.location {
            Location::Local(folder) if self.rehearsal.is_none() => {
                let at = folder.join(prefix);
                remove_partial_writes(&at).map_err(|e| local_error(&at, &e))
            }
            _ => Ok(()),
        }
    }

    fn full_path(&self, path: &str) -> Path {
        let prefix = self.location.key_prefix();
        Path::from_iter(prefix.split('/').chain(path.split('/')).filter(|part| !part.is_empty()))
    }

    fn error(&self, path: &str, error: &object_store::Error) -> Error {
        match Answer::of(error) {
            Answer::NoBucket => Error::StoreRefused {
                url: self.url(path),
                message: format!("there is no bucket {}", self.location.bucket()),
                hint: "check the bucket's name and region in the job file".into(),
            },
            Answer::Denied => refused(&self.location, path, error),
            Answer::Gone => Error::WarehouseChanged {
                url: self.url(path),
                message: "the object is gone".into(),
            },
            // What a local disk refuses, it refuses again.
            Answer::Other if matches!(self.location, Location::Local(_)) => refused(&self.location, path, error),
            Answer::Other => Error::StoreUnavailable {
                url: self.url(path),
                message: root_cause(error),
            },
        }
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

fn remove_partial_writes(folder: &std::path::Path) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let number = name
            .to_str()
            .and_then(|name| name.rsplit_once('#'))
            .map(|(_, number)| number);
        if entry.file_type()?.is_dir() {
            remove_partial_writes(&entry.path())?;
        } else if number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn relative(root: &Path, path: &Path) -> String {
    match path.prefix_match(root) {
        Some(parts) => Path::from_iter(parts).to_string(),
        None => path.to_string(),
    }
}

/// How long a request that gets no good answer is sent again, unless `POSTVENTA_RETRY_SECONDS` says otherwise.
const RETRY_SECONDS: u32 = 60;
const RETRY_VARIABLE: &str = "POSTVENTA_RETRY_SECONDS";

/// Growing pauses from 0.1 s to 10 s, for one minute: then exit 75 and let the scheduler decide.
fn retries() -> Result<RetryConfig> {
    let limit = Duration::from_secs(seconds_of(RETRY_VARIABLE, RETRY_SECONDS)?.into());
    Ok(RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(10).min(limit / 4),
            base: 2.0,
        },
        // The time decides.
        max_retries: 1_000_000,
        retry_timeout: limit,
    })
}

/// A length of time that the environment may set: whole seconds from 1 to a day.
fn seconds_of(variable: &str, default: u32) -> Result<u32> {
    let Some(text) = std::env::var_os(variable).filter(|text| !text.is_empty()) else {
        return Ok(default);
    };
    let seconds = text.to_str().and_then(|text| text.parse().ok());
    seconds.filter(|seconds| (1..=86_400).contains(seconds)).ok_or_else(|| {
        Error::Usage(format!(
            "{variable} must be whole seconds from 1 to 86400, not {text:?}"
        ))
    })
}

/// Sends a request again whose answer was lost. The client does so itself for all but those whose second answer may differ
/// from the first, creates and deletes; here that is no harm: `put_new` looks at what stands there, and gone is gone.
async fn again<T, F>(send: impl Fn() -> F) -> object_store::Result<T>
where
    F: Future<Output = object_store::Result<T>>,
{
    let retries = retries().unwrap_or_default();
    let begun = Instant::now();
    let mut pause = retries.backoff.init_backoff;
    loop {
        match send().await {
            Err(error) if is_cut_off(&error) && begun.elapsed() < retries.retry_timeout => {
                tracing::info!(%error, "an answer was lost, sending the request again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(retries.backoff.max_backoff);
            }
            answer => return answer,
        }
    }
}

/// Whether a request may have been done although no answer came; only the text of the client's error says so.
fn is_cut_off(error: &object_store::Error) -> bool {
    let text = format!("{error:?}");
    ["kind: Interrupted", "kind: Timeout"]
        .iter()
        .any(|kind| text.contains(kind))
}

fn client_options() -> Result<ClientOptions> {
    let allow_http = std::env::var("AWS_ALLOW_HTTP").is_ok_and(|v| v.eq_ignore_ascii_case("true") || v == "1");
    let limit = Duration::from_secs(seconds_of(RETRY_VARIABLE, RETRY_SECONDS)?.into());
    Ok(ClientOptions::new()
        .with_allow_http(allow_http)
        .with_connect_timeout(Duration::from_secs(5).min(limit))
        .with_timeout(Duration::from_secs(30).min(limit)))
}

fn refused(location: &Location, path: &str, error: &object_store::Error) -> Error {
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

fn local_error(folder: &std::path::Path, error: &std::io::Error) -> Error {
    Error::StoreRefused {
        url: PathBuf::from(folder).display().to_string(),
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
