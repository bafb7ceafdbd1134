//! Objects on S3 or in a local folder, behind one blocking interface.
//!
//! Owns: opening a store from a URL, retries, and the translation of store errors into ours. Promises: a put is atomic
//! (a reader sees the old object or the new one), `put_new` creates or does nothing, credentials come from the
//! environment only, and an object another process is writing is never listed half done.

mod fault;
mod lease;
mod location;
mod retry;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutMode};
use tokio::runtime::Handle;

use crate::error::{Error, Result};
use fault::{local_error, refused};
pub use lease::Lease;
pub use location::Location;
use retry::{again, client_options, retries, seconds_of};

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
                // As on S3, a folder that holds nothing is not there.
                Arc::new(local.with_automatic_cleanup(true))
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

    /// Writes or replaces one object in one atomic step; returns the version that `list_versions` will show.
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
        fault::of(&self.location, path, error)
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
