//! A real S3 server on localhost, inside the test process: HTTP, signatures and conditional puts as S3 answers them.
//!
//! Two differences from S3 to know when writing tests: a listing carries no ETags (a HEAD or GET does), and objects
//! are plain files below `root`, so a test may lay them there or read them without a client.

use hyper::header::{IF_MATCH, IF_NONE_MATCH};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder as ConnectionBuilder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, watch};

/// Runs from `start` until it is dropped; its objects are deleted with it.
pub struct S3Server {
    pub endpoint: String,
    pub access_key: String,
    pub secret_key: String,
    pub root: TempDir,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl S3Server {
    pub fn start(buckets: &[&str]) -> S3Server {
        let root = TempDir::new().expect("a temporary folder");
        for bucket in buckets {
            std::fs::create_dir(root.path().join(bucket)).expect("a folder per bucket");
        }
        let (access_key, secret_key) = ("test-access-key".to_owned(), "test-secret-key".to_owned());
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root.path()).expect("a store of files"));
        builder.set_auth(SimpleAuth::from_single(access_key.clone(), secret_key.clone()));
        let service = builder.build();

        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a listener for tokio");
        let endpoint = format!("http://{}", listener.local_addr().expect("the bound address"));
        let (stop, stopped) = watch::channel(false);
        // A thread with a runtime of its own: tests may be synchronous, and may block theirs on a child process.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(serve(listener, service, stopped));
            runtime.shutdown_timeout(Duration::from_secs(5));
        });
        S3Server {
            endpoint,
            access_key,
            secret_key,
            root,
            stop,
            thread: Some(thread),
        }
    }

    /// What a child process needs in its environment to talk to this server.
    pub fn env(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_ACCESS_KEY_ID", self.access_key.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_key.clone()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]
    }

    /// The folder whose files are the bucket's objects.
    pub fn bucket(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: std::net::TcpListener, service: S3Service, mut stopped: watch::Receiver<bool>) {
    let listener = TcpListener::from_std(listener).expect("a listener for tokio");
    let conditional_put = Arc::new(Mutex::new(()));
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((socket, _)) = accepted {
                connections.spawn(answer(socket, service.clone(), conditional_put.clone(), stopped.clone()));
            },
            Some(_) = connections.join_next() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(Duration::from_secs(5), connections.join_all()).await;
}

/// Answers one connection until the client closes it, or until the request under way when the server stops is done.
async fn answer(
    socket: TcpStream,
    service: S3Service,
    conditional_put: Arc<Mutex<()>>,
    mut stopped: watch::Receiver<bool>,
) {
    let service = service_fn(move |request| {
        let (service, conditional_put) = (service.clone(), conditional_put.clone());
        async move {
            // s3s-fs looks whether the object exists and then writes it; S3 does both as one step. Without this
            // lock two racing creators could both win, and a test of the lease would see what S3 never does.
            let headers = hyper::Request::headers(&request);
            let is_conditional = headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MATCH);
            let _one_at_a_time = match is_conditional {
                true => Some(conditional_put.lock().await),
                false => None,
            };
            hyper::service::Service::call(&service, request).await
        }
    });
    let http = ConnectionBuilder::new(TokioExecutor::new());
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(socket), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

mod tests {
    use super::S3Server;
    use futures::TryStreamExt;
    use object_store::aws::{AmazonS3, AmazonS3Builder};
    use object_store::path::Path;
    use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode};
    use std::collections::BTreeSet;

    fn client(server: &S3Server, secret_key: &str) -> AmazonS3 {
        AmazonS3Builder::new()
            .with_bucket_name("shop")
            .with_endpoint(&server.endpoint)
            .with_region("us-east-1")
            .with_access_key_id(&server.access_key)
            .with_secret_access_key(secret_key)
            .with_allow_http(true)
            .build()
            .expect("a client")
    }

    #[tokio::test]
    async fn objects_are_put_read_listed_and_deleted() {
        let server = S3Server::start(&["shop"]);
        let store = client(&server, &server.secret_key);
        let path = Path::from("facts/fct_orders/month=2026-01/part-0.parquet");

        store.put(&path, "first".into()).await.unwrap();
        store.put(&path, "second".into()).await.unwrap();
        assert_eq!(store.get(&path).await.unwrap().bytes().await.unwrap(), "second");
        assert_eq!(
            std::fs::read(server.bucket("shop").join(path.as_ref())).unwrap(),
            b"second"
        );

        let listed: Vec<_> = store.list(Some(&Path::from("facts"))).try_collect().await.unwrap();
        assert_eq!(
            listed.iter().map(|o| (o.location.clone(), o.size)).collect::<Vec<_>>(),
            [(path.clone(), 6)]
        );
        assert!(
            store
                .list(Some(&Path::from("marts")))
                .try_collect::<Vec<_>>()
                .await
                .unwrap()
                .is_empty()
        );

        store.delete(&path).await.unwrap();
        assert!(matches!(store.get(&path).await, Err(Error::NotFound { .. })));
    }

    #[tokio::test]
    async fn a_second_create_answers_already_exists() {
        let server = S3Server::start(&["shop"]);
        let store = client(&server, &server.secret_key);
        let path = Path::from("_ledger/lease");

        store
            .put_opts(&path, "one".into(), PutMode::Create.into())
            .await
            .unwrap();
        let second = store.put_opts(&path, "two".into(), PutMode::Create.into()).await;
        assert!(matches!(second, Err(Error::AlreadyExists { .. })), "{second:?}");
        assert_eq!(store.get(&path).await.unwrap().bytes().await.unwrap(), "one");
    }

    #[tokio::test]
    async fn of_creates_that_race_exactly_one_wins() {
        let server = S3Server::start(&["shop"]);
        let store = client(&server, &server.secret_key);
        for round in 0..20 {
            let path = Path::from(format!("_ledger/{round:06}"));
            let racers = (0..8).map(|n| store.put_opts(&path, format!("{n}").into(), PutMode::Create.into()));
            let answers = futures::future::join_all(racers).await;
            assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1, "round {round}");
            let winner = answers.iter().position(|a| a.is_ok()).unwrap();
            assert_eq!(
                store.get(&path).await.unwrap().bytes().await.unwrap(),
                winner.to_string()
            );
        }
    }

    #[tokio::test]
    async fn an_update_of_another_version_is_refused() {
        let server = S3Server::start(&["shop"]);
        let store = client(&server, &server.secret_key);
        let path = Path::from("_ledger/head");

        let old = store.put(&path, "1".into()).await.unwrap();
        let new = store
            .put_opts(&path, "2".into(), PutMode::Update(old.clone().into()).into())
            .await
            .unwrap();
        let stale = store
            .put_opts(&path, "3".into(), PutMode::Update(old.into()).into())
            .await;
        assert!(matches!(stale, Err(Error::Precondition { .. })), "{stale:?}");
        assert_eq!(store.head(&path).await.unwrap().e_tag, new.e_tag);
    }

    #[tokio::test]
    async fn a_wrong_secret_is_denied() {
        let server = S3Server::start(&["shop"]);
        let store = client(&server, "not-the-secret");
        let answer = store.put(&Path::from("x"), "x".into()).await;
        assert!(
            matches!(
                answer,
                Err(Error::PermissionDenied { .. } | Error::Unauthenticated { .. })
            ),
            "{answer:?}"
        );
        assert_eq!(std::fs::read_dir(server.bucket("shop")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_listing_of_several_pages_is_whole() {
        let server = S3Server::start(&["shop"]);
        let folder = server.bucket("shop").join("stg_tickets");
        std::fs::create_dir(&folder).unwrap();
        let names: BTreeSet<_> = (0..2_345).map(|n| format!("{n:05}.parquet")).collect();
        for name in &names {
            std::fs::write(folder.join(name), name).unwrap();
        }
        let store = client(&server, &server.secret_key);
        let listed: Vec<_> = store
            .list(Some(&Path::from("stg_tickets")))
            .try_collect()
            .await
            .unwrap();
        assert_eq!(listed.len(), names.len());
        let found: BTreeSet<_> = listed
            .iter()
            .map(|o| o.location.filename().unwrap().to_owned())
            .collect();
        assert_eq!(found, names);
    }

    /// The variables a child process gets are those that the client reads by itself.
    #[tokio::test]
    async fn the_environment_for_child_processes_is_enough() {
        let server = S3Server::start(&["shop"]);
        let builder = server
            .env()
            .into_iter()
            .fold(AmazonS3Builder::new(), |builder, (name, value)| {
                builder.with_config(name.to_ascii_lowercase().parse().unwrap(), value)
            });
        let store = builder.with_bucket_name("shop").build().unwrap();
        store.put(&Path::from("x"), "x".into()).await.unwrap();
    }

    #[test]
    fn a_stopped_server_refuses_connections() {
        let server = S3Server::start(&["shop"]);
        let address = server.endpoint.strip_prefix("http://").unwrap().to_owned();
        let idle = std::net::TcpStream::connect(&address).unwrap();
        let begun = std::time::Instant::now();
        drop(server);
        assert!(
            begun.elapsed().as_secs() < 3,
            "an idle connection must not hold the shutdown up"
        );
        assert!(std::net::TcpStream::connect(&address).is_err());
        drop(idle);
    }
}
