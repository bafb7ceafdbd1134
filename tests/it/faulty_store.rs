//! A store that fails, stalls or dies at a chosen operation.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use tokio::sync::watch;

/// What happens at the chosen operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not done and an error comes back.
    Fails,
    /// It is done and an error comes back, as when the answer is lost.
    DoneThenFails,
    /// The process dies before it: neither this operation nor any later one is done.
    Killed,
    /// The process dies right after it.
    DoneThenKilled,
}

impl Fault {
    pub const ALL: [Fault; 4] = [Fault::Fails, Fault::DoneThenFails, Fault::Killed, Fault::DoneThenKilled];

    fn is_done(self) -> bool {
        matches!(self, Fault::DoneThenFails | Fault::DoneThenKilled)
    }

    fn kills(self) -> bool {
        matches!(self, Fault::Killed | Fault::DoneThenKilled)
    }
}

/// Counts the operations of a run and lets one of them go wrong.
pub struct FaultyStore {
    inner: Arc<InMemory>,
    fault: Option<(usize, Fault)>,
    /// From this operation on nothing moves until it is let go, as in a process that is suspended.
    gate: Option<(usize, watch::Receiver<bool>)>,
    /// Tells that the gate was reached.
    reached: watch::Sender<bool>,
    is_dead: AtomicBool,
    operations: AtomicUsize,
    log: Mutex<Vec<String>>,
}

/// Lets a suspended store go on; dropping it does, too.
pub struct Gate {
    open: watch::Sender<bool>,
    reached: watch::Receiver<bool>,
}

impl Gate {
    /// Whether the store stands at its gate.
    pub fn is_reached(&self) -> bool {
        *self.reached.borrow()
    }

    pub fn open(&self) {
        self.open.send_replace(true);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}

impl FaultyStore {
    /// Nothing goes wrong; operations are counted.
    pub fn counting(inner: Arc<InMemory>) -> Self {
        FaultyStore {
            inner,
            fault: None,
            gate: None,
            reached: watch::channel(false).0,
            is_dead: AtomicBool::new(false),
            operations: AtomicUsize::new(0),
            log: Mutex::default(),
        }
    }

    /// Operation `at`, counted from 0, goes wrong.
    pub fn failing(inner: Arc<InMemory>, at: usize, fault: Fault) -> Self {
        FaultyStore {
            fault: Some((at, fault)),
            ..Self::counting(inner)
        }
    }

    /// From operation `at` on nothing moves until the gate is opened.
    pub fn suspended(mut self, at: usize) -> (Self, Gate) {
        let (open, opened) = watch::channel(false);
        self.gate = Some((at, opened));
        let reached = self.reached.subscribe();
        (self, Gate { open, reached })
    }

    /// Every operation so far: its kind and path.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Whether the fault came to pass.
    pub fn has_failed(&self) -> bool {
        let done = self.operations.load(Ordering::SeqCst);
        self.fault.is_some_and(|(at, _)| at < done)
    }

    /// Counts one operation; says what is to go wrong with it.
    async fn enter(&self, kind: &str, path: &str) -> Option<Fault> {
        let number = self.operations.fetch_add(1, Ordering::SeqCst);
        self.log.lock().unwrap().push(format!("{kind} {path}"));
        if let Some((at, opened)) = &self.gate
            && number >= *at
        {
            self.reached.send_replace(true);
            // A gate that is gone is open.
            let _ = opened.clone().wait_for(|open| *open).await;
        }
        if self.is_dead.load(Ordering::SeqCst) {
            return Some(Fault::Killed);
        }
        let (_, fault) = self.fault.filter(|(at, _)| *at == number)?;
        if fault.kills() {
            self.is_dead.store(true, Ordering::SeqCst);
        }
        Some(fault)
    }

    async fn act<T>(&self, kind: &str, path: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        match self.enter(kind, path).await {
            None => work.await,
            Some(fault) => {
                if fault.is_done() {
                    let _ = work.await;
                }
                Err(broken(fault))
            }
        }
    }
}

fn broken(fault: Fault) -> Error {
    Error::Generic {
        store: "faulty",
        source: format!("operation timed out ({fault:?})").into(),
    }
}

impl fmt::Debug for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultyStore({:?})", self.fault)
    }
}

impl fmt::Display for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a faulty store")
    }
}

/// What the trait's asynchronous methods give.
type Answer<'f, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'f>>;

impl ObjectStore for FaultyStore {
    fn put_opts<'s, 'p, 'f>(&'s self, at: &'p Path, payload: PutPayload, options: PutOptions) -> Answer<'f, PutResult>
    where
        's: 'f,
        'p: 'f,
    {
        Box::pin(self.act("put", at.as_ref(), self.inner.put_opts(at, payload, options)))
    }

    fn put_multipart_opts<'s, 'p, 'f>(
        &'s self,
        _: &'p Path,
        _: PutMultipartOptions,
    ) -> Answer<'f, Box<dyn MultipartUpload>>
    where
        's: 'f,
        'p: 'f,
    {
        unreachable!("an object is put in one request")
    }

    fn get_opts<'s, 'p, 'f>(&'s self, at: &'p Path, options: GetOptions) -> Answer<'f, GetResult>
    where
        's: 'f,
        'p: 'f,
    {
        Box::pin(self.act("get", at.as_ref(), self.inner.get_opts(at, options)))
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        // The stream outlives the borrow of the store, so it is gathered at once: a delete is one path here.
        let paths: Vec<Result<Path>> = futures::executor::block_on(paths.collect());
        let answers = paths.into_iter().map(|path| {
            let path = path?;
            let inner = self.inner.clone();
            let deleted = async { inner.delete(&path).await };
            futures::executor::block_on(self.act("delete", path.as_ref(), deleted))?;
            Ok(path)
        });
        futures::stream::iter(answers.collect::<Vec<_>>()).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let path = prefix.map(ToString::to_string).unwrap_or_default();
        match futures::executor::block_on(self.enter("list", &path)) {
            None => self.inner.list(prefix),
            Some(fault) => futures::stream::iter([Err(broken(fault))]).boxed(),
        }
    }

    fn list_with_delimiter<'s, 'p, 'f>(&'s self, prefix: Option<&'p Path>) -> Answer<'f, ListResult>
    where
        's: 'f,
        'p: 'f,
    {
        let path = prefix.map(ToString::to_string).unwrap_or_default();
        Box::pin(async move { self.act("list", &path, self.inner.list_with_delimiter(prefix)).await })
    }

    fn copy_opts<'s, 'a, 'b, 'f>(&'s self, _: &'a Path, _: &'b Path, _: CopyOptions) -> Answer<'f, ()>
    where
        's: 'f,
        'a: 'f,
        'b: 'f,
    {
        unreachable!("nothing is copied")
    }
}
