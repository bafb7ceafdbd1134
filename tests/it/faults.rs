//! A store that fails, loses answers or stops at any operation; a process that is killed at any moment; a server that is
//! slow, broken or closed.
//!
//! In CI every write to the ledger and the lease goes wrong in half of the ways, and a sample of the other operations; with
//! `POSTVENTA_FAULTS=all` every one in every way.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use object_store::memory::InMemory;
use postventa::build::Options;

use super::faulty_store::{Fault, FaultyStore};
use super::program::{Project, copy};
use super::s3_server::S3Server;
use super::shop::{self, Shop, Tables};
use super::warehouse::{assert_same, published};

/// A warehouse as a run finds it, and what the run is to do.
struct Scene {
    name: &'static str,
    shop: Shop,
    warehouse: Arc<InMemory>,
}

/// The files of two days at the end of January, built when there is a `history`, and one more day.
fn scene(name: &'static str, has_history: bool) -> Scene {
    let files = shop::exports(3, "2025-01-30", 3, 1.5);
    let warehouse = Arc::new(InMemory::new());
    let scene = Scene {
        name,
        shop: Shop::new(&files),
        warehouse,
    };
    if has_history {
        let newest: Vec<&String> = files.keys().filter(|path| path.contains("2025-02-01")).collect();
        newest.iter().for_each(|path| scene.shop.remove(path));
        scene.shop.run(scene.warehouse.clone(), &Options::default()).unwrap();
        newest.iter().for_each(|path| scene.shop.land(path, &files[*path]));
    }
    scene
}

/// Lets every chosen operation of a run go wrong and looks at what is left. Returns how many runs were broken.
///
/// `then` is what happens to the shop between the broken run and the next.
fn break_runs(scene: &Scene, then: Option<&dyn Fn(&Shop)>, undo: &dyn Fn(&Shop)) -> usize {
    let before = shop::tables(&scene.warehouse);
    let counting = Arc::new(FaultyStore::counting(Arc::new(scene.warehouse.fork())));
    scene.shop.run(counting.clone(), &Options::default()).unwrap();
    let log = counting.log();
    let undisturbed = Arc::new(scene.warehouse.fork());
    scene.shop.run(undisturbed.clone(), &Options::default()).unwrap();
    let after = shop::tables(&undisturbed);
    assert_same(scene.name, &after, &scene.shop.scratch());
    let expected = then.map(|then| {
        then(&scene.shop);
        let expected = scene.shop.scratch();
        undo(&scene.shop);
        expected
    });

    let mut broken = 0;
    for (at, fault) in chosen(&log) {
        let what = format!(
            "{}: {fault:?} at operation {at} of {}, {}",
            scene.name,
            log.len(),
            log[at]
        );
        let warehouse = Arc::new(scene.warehouse.fork());
        let faulty = Arc::new(FaultyStore::failing(warehouse.clone(), at, fault));
        match scene.shop.run(faulty.clone(), &Options::default()) {
            Ok(_) => {}
            Err(error) => assert!(shop::is_retryable(&error), "{what}: {error}"),
        }
        if !faulty.has_failed() {
            // Two threads that miss the same object read it twice, so that runs differ by a few reads.
            continue;
        }
        assert_old_or_new(&what, &shop::tables(&warehouse), &before, &after);
        scene.shop.assert_ledger_is_true(&warehouse, &what);

        shop::minutes_pass();
        then.inspect(|then| then(&scene.shop));
        scene
            .shop
            .run(warehouse.clone(), &Options::default())
            .unwrap_or_else(|error| panic!("{what}: then {error}"));
        assert_same(&what, &shop::tables(&warehouse), expected.as_ref().unwrap_or(&after));
        assert!(
            scene.shop.assert_ledger_is_true(&warehouse, &what),
            "{what}: not at rest"
        );
        let again = scene.shop.run(warehouse.clone(), &Options::default()).unwrap();
        assert_eq!(again.status, "nothing_to_do", "{what}");
        then.inspect(|_| undo(&scene.shop));
        broken += 1;
    }
    println!("{}: {broken} runs broken, each of {} operations", scene.name, log.len());
    broken
}

/// Whether every operation is broken in every way.
pub fn everything_breaks() -> bool {
    std::env::var("POSTVENTA_FAULTS").is_ok_and(|which| which == "all")
}

/// Operations on tables and staged objects that CI breaks, at most, each in one way.
const SAMPLE: usize = 25;

/// The operations to break, each with its fault.
pub fn chosen(log: &[String]) -> Vec<(usize, Fault)> {
    let all = everything_breaks();
    let is_rest = |operation: &String| !operation.contains("_postventa/");
    let stride = log
        .iter()
        .filter(|operation| is_rest(operation))
        .count()
        .div_ceil(SAMPLE);
    let mut chosen = Vec::new();
    let mut others = 0;
    for (at, operation) in log.iter().enumerate() {
        others += usize::from(is_rest(operation));
        for (number, fault) in Fault::ALL.into_iter().enumerate() {
            let writes = !operation.starts_with("list") && !operation.starts_with("get");
            let differs = writes || matches!(fault, Fault::Fails | Fault::Killed);
            let sampled = match is_rest(operation) {
                true => others % stride == 0 && (others / stride) % Fault::ALL.len() == number,
                false => writes && number % 2 == at % 2,
            };
            if differs && (all || sampled) {
                chosen.push((at, fault));
            }
        }
    }
    chosen
}

/// Every object is the one from before the run or the one from after it, and none is gone that both have.
#[track_caller]
fn assert_old_or_new(what: &str, got: &Tables, before: &Tables, after: &Tables) {
    let paths: BTreeSet<&String> = got.keys().chain(before.keys()).chain(after.keys()).collect();
    for path in paths {
        let is = got.get(path);
        assert!(
            is == before.get(path) || is == after.get(path),
            "{what}: {path} is neither old nor new"
        );
    }
}

fn nothing(_: &Shop) {}

#[test]
fn a_first_build_that_breaks_anywhere_is_mended_by_the_next() {
    let broken = break_runs(&scene("first build", false), None, &nothing);
    assert!(broken > 15, "{broken}");
}

#[test]
fn a_daily_run_that_breaks_anywhere_is_mended_by_the_next() {
    let broken = break_runs(&scene("daily run", true), None, &nothing);
    assert!(broken > 15, "{broken}");
}

#[test]
fn a_changed_definition_that_breaks_anywhere_is_mended_by_the_next() {
    let scene = scene("changed definition", true);
    scene.shop.run(scene.warehouse.clone(), &Options::default()).unwrap();
    scene
        .shop
        .edit("conversion_window_days = 3", "conversion_window_days = 9");
    scene.shop.edit(
        "holidays = [\"2025-01-06\"]",
        "holidays = [\"2025-01-06\", \"2025-01-30\"]",
    );
    let broken = break_runs(&scene, None, &nothing);
    assert!(broken > 10, "{broken}");
}

/// The newest day goes away again between the broken run and the next: what the broken run published has no unit then.
#[test]
fn what_a_broken_run_published_goes_when_its_files_go() {
    let scene = scene("withdrawn day", true);
    let newest = shop::exports(3, "2025-01-30", 3, 1.5);
    let newest: Vec<_> = newest
        .into_iter()
        .filter(|(path, _)| path.contains("2025-02-01"))
        .collect();
    let withdraw = |shop: &Shop| newest.iter().for_each(|(path, _)| shop.remove(path));
    let deliver = |shop: &Shop| newest.iter().for_each(|(path, bytes)| shop.land(path, bytes));
    let broken = break_runs(&scene, Some(&withdraw), &deliver);
    assert!(broken > 15, "{broken}");
}

/// Numbers that look random and are the same in every run of the tests.
fn seeded(seed: u64, number: u64) -> f64 {
    let hash = blake3::hash(format!("{seed}/{number}").as_bytes());
    let bytes: [u8; 8] = hash.as_bytes()[..8].try_into().unwrap();
    u64::from_le_bytes(bytes) as f64 / u64::MAX as f64
}

/// `POSTVENTA_KILLS` sets how many runs are killed of each kind, `POSTVENTA_KILL_SEED` the moments.
const KILLS: usize = 3;

/// Kills runs of a job at moments spread over the time that a whole one takes, and lets the last one finish.
fn kill_and_converge(project: &Project, environment: &[(&'static str, String)], whole: Duration, seed: u64) {
    let call = || {
        project
            .call("run", &[])
            .envs(environment.iter().cloned())
            .env("POSTVENTA_LEASE_SECONDS", "1")
    };
    let kills = shop::number_from("POSTVENTA_KILLS", KILLS) as u64;
    let seed = seed + shop::number_from("POSTVENTA_KILL_SEED", 0) as u64;
    let mut killed = 0;
    for number in 0..kills {
        let mut child = call().start();
        std::thread::sleep(whole.mul_f64(seeded(seed, number)));
        // It may be done already; then the next one has nothing to do.
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().code().is_none());
        if number % 2 == 0 {
            // Half of the runs find the dead one's lease, the others come when it has expired.
            std::thread::sleep(Duration::from_millis(2100));
        }
    }
    println!("seed {seed}: {killed} of {kills} runs were killed");
    let begun = Instant::now();
    loop {
        let ran = call().run();
        if ran.code == 0 {
            return;
        }
        assert_eq!(ran.code, 75, "{}", ran.err);
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the lease does not expire: {}",
            ran.err
        );
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// A project without its newest day, and a way to bring it.
fn without_newest_day() -> (Project, Vec<(String, Vec<u8>)>) {
    let project = Project::sample("2025-01-29", 5);
    let newest = project
        .landed()
        .into_iter()
        .filter(|path| path.contains("2025-02-02"))
        .map(|path| format!("demo/{path}"));
    let newest: Vec<_> = newest
        .map(|path| (path.clone(), std::fs::read(project.path(&path)).unwrap()))
        .collect();
    assert!(!newest.is_empty());
    newest.iter().for_each(|(path, _)| project.remove(path));
    (project, newest)
}

#[test]
fn runs_killed_at_random_moments_converge_on_a_local_disk() {
    let (project, newest) = without_newest_day();
    let whole = Project::new();
    copy(project.folder.path(), whole.folder.path());
    let begun = Instant::now();
    whole.run(&[]).exits(0);
    let duration = begun.elapsed();
    kill_and_converge(&project, &[], duration, 1);
    assert_same(
        "first build",
        &published(&project.warehouse()),
        &published(&whole.warehouse()),
    );

    for to in [&project, &whole] {
        newest.iter().for_each(|(path, bytes)| to.write_bytes(path, bytes));
    }
    whole.run(&[]).exits(0);
    kill_and_converge(&project, &[], duration, 2);
    assert_same(
        "daily run",
        &published(&project.warehouse()),
        &published(&whole.warehouse()),
    );
}

#[test]
fn runs_killed_at_random_moments_converge_on_s3() {
    let (project, newest) = without_newest_day();
    let whole = Project::new();
    copy(project.folder.path(), whole.folder.path());
    let begun = Instant::now();
    whole.run(&[]).exits(0);
    let duration = begun.elapsed();
    let server = S3Server::start(&["tables"]);
    project.edit("job.toml", "\"warehouse\"", "\"s3://tables/postventa\"");
    let tables = server.bucket("tables").join("postventa");
    kill_and_converge(&project, &server.env(), duration, 3);
    assert_same("first build", &published(&tables), &published(&whole.warehouse()));

    for to in [&project, &whole] {
        newest.iter().for_each(|(path, bytes)| to.write_bytes(path, bytes));
    }
    whole.run(&[]).exits(0);
    kill_and_converge(&project, &server.env(), duration, 4);
    assert_same("daily run", &published(&tables), &published(&whole.warehouse()));
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mishap {
    SlowDown,
    InternalError,
    /// The connection is closed without an answer.
    Closed,
    /// The connection is reset before the request is passed on.
    ResetBefore,
    /// The request is done, and the connection reset instead of an answer.
    ResetAfter,
    Denied,
    /// The server takes the request and never answers.
    Silence,
}

/// Which of its requests the proxy spoils, and how.
type Plan = Box<dyn Fn(usize, &str) -> Option<Mishap> + Send + Sync>;

/// Stands before the S3 server and spoils requests; each request is a connection of its own.
struct Proxy {
    endpoint: String,
    spoiled: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(server: &S3Server, plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let upstream = server.endpoint.trim_start_matches("http://").to_owned();
        let (spoiled, requests) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<String>>>::default());
        let proxy = Proxy {
            endpoint,
            spoiled: spoiled.clone(),
            requests: requests.clone(),
        };
        let plan: Arc<Plan> = Arc::new(plan);
        // Ends with the test process.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (plan, upstream) = (plan.clone(), upstream.clone());
                let (spoiled, requests) = (spoiled.clone(), requests.clone());
                std::thread::spawn(move || {
                    // A client that goes away is no failure of the test.
                    let _ = pass(client, &upstream, &plan, &spoiled, &requests);
                });
            }
        });
        proxy
    }

    fn env(&self, server: &S3Server) -> Vec<(&'static str, String)> {
        let mut environment = server.env().to_vec();
        environment.retain(|(name, _)| *name != "AWS_ENDPOINT_URL");
        environment.push(("AWS_ENDPOINT_URL", self.endpoint.clone()));
        environment
    }
}

fn pass(
    mut client: TcpStream,
    upstream: &str,
    plan: &Plan,
    spoiled: &AtomicUsize,
    requests: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (head, body) = read_request(&mut client)?;
    let line = head.lines().next().unwrap_or_default().to_owned();
    let number = {
        let mut requests = requests.lock().unwrap();
        requests.push(line.clone());
        requests.len() - 1
    };
    let mishap = plan(number, &line);
    spoiled.fetch_add(usize::from(mishap.is_some()), Ordering::SeqCst);
    match mishap {
        Some(Mishap::SlowDown) => return answer(&mut client, "503 Slow Down", "SlowDown"),
        Some(Mishap::InternalError) => return answer(&mut client, "500 Internal Server Error", "InternalError"),
        Some(Mishap::Denied) => return answer(&mut client, "403 Forbidden", "AccessDenied"),
        Some(Mishap::Closed) => return Ok(()),
        Some(Mishap::ResetBefore) => return reset(client),
        Some(Mishap::Silence) => {
            std::thread::sleep(Duration::from_secs(120));
            return Ok(());
        }
        Some(Mishap::ResetAfter) | None => {}
    }
    let mut server = TcpStream::connect(upstream)?;
    let lines = head
        .trim_end()
        .lines()
        .filter(|line| !line.to_lowercase().starts_with("connection:"));
    let head = lines
        .chain(["connection: close", "", ""])
        .collect::<Vec<_>>()
        .join("\r\n");
    server.write_all(head.as_bytes())?;
    server.write_all(&body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    match mishap {
        Some(_) => reset(client),
        None => client.write_all(&answer),
    }
}

/// Ends a connection as a machine that goes down does, without the goodbye of a close.
fn reset(client: TcpStream) -> std::io::Result<()> {
    client.set_nonblocking(true)?;
    let _runtime = shop::RUNTIME.enter();
    tokio::net::TcpStream::from_std(client)?.set_zero_linger()
}

fn read_request(client: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut some = [0; 8192];
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end + 4]).into_owned();
            let header = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            let length: usize = header.unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Ok((head, bytes[end + 4..end + 4 + length].to_vec()));
            }
        }
        match client.read(&mut some)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(&some[..read]),
        }
    }
}

fn answer(client: &mut TcpStream, status: &str, code: &str) -> std::io::Result<()> {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/xml\r\ncontent-length: {}\r\n",
        body.len()
    );
    write!(client, "{head}connection: close\r\n\r\n{body}")
}

/// A sample whose warehouse is on S3.
fn on_s3() -> Project {
    let project = Project::sample("2025-01-31", 2);
    project.edit("job.toml", "\"warehouse\"", "\"s3://tables/postventa\"");
    project
}

#[test]
fn requests_that_go_wrong_and_then_well_are_sent_again() {
    let project = on_s3();
    let plain = Project::sample("2025-01-31", 2);
    plain.run(&[]).exits(0);
    let expected = published(&plain.warehouse());
    let mishaps = [
        Mishap::SlowDown,
        Mishap::InternalError,
        Mishap::Closed,
        Mishap::ResetBefore,
        Mishap::ResetAfter,
    ];
    for mishap in mishaps {
        let server = S3Server::start(&["tables"]);
        // The first two requests, every seventh, and each first create and delete of a file of ours.
        let seen = Mutex::new(BTreeSet::new());
        let plan = move |number: usize, line: &str| {
            let is_first = line.contains("_postventa/") && seen.lock().unwrap().insert(line.to_owned());
            let is_delete = line.contains("?delete") && seen.lock().unwrap().insert("delete".to_owned());
            (number < 2 || number % 7 == 3 || is_first || is_delete).then_some(mishap)
        };
        let proxy = Proxy::start(&server, Box::new(plan));
        let ran = project.call("run", &[]).envs(proxy.env(&server)).run();
        assert_eq!(ran.code, 0, "{mishap:?}: {}", ran.err);
        assert!(proxy.spoiled.load(Ordering::SeqCst) > 10, "{mishap:?}");
        assert_same(
            "after mishaps",
            &published(&server.bucket("tables").join("postventa")),
            &expected,
        );
    }
}

/// A request that is never answered is given up after half of the limit and sent again.
#[test]
fn a_request_without_an_answer_is_sent_again() {
    let project = on_s3();
    let server = S3Server::start(&["tables"]);
    let is_first_state = AtomicUsize::new(0);
    // The first request of all, a listing, and the first that creates a state of the ledger.
    let plan = move |number: usize, line: &str| {
        let is_state = line.starts_with("PUT") && line.contains("_postventa/ledger/");
        let is_silent = number == 0 || is_state && is_first_state.fetch_add(1, Ordering::SeqCst) == 0;
        is_silent.then_some(Mishap::Silence)
    };
    let proxy = Proxy::start(&server, Box::new(plan));
    let call = project.call("run", &[]).envs(proxy.env(&server));
    call.env("POSTVENTA_RETRY_SECONDS", "6").run().exits(0);
    assert_eq!(proxy.spoiled.load(Ordering::SeqCst), 2);
    let plain = Project::sample("2025-01-31", 2);
    plain.run(&[]).exits(0);
    assert_same(
        "after silence",
        &published(&server.bucket("tables").join("postventa")),
        &published(&plain.warehouse()),
    );
}

#[test]
fn a_store_that_never_recovers_ends_the_run_with_75_in_time() {
    for mishap in [
        Mishap::SlowDown,
        Mishap::InternalError,
        Mishap::ResetBefore,
        Mishap::Silence,
    ] {
        let project = on_s3();
        let server = S3Server::start(&["tables"]);
        let proxy = Proxy::start(&server, Box::new(move |_, _| Some(mishap)));
        let begun = Instant::now();
        let call = project
            .call("run", &[])
            .envs(proxy.env(&server))
            .env("POSTVENTA_RETRY_SECONDS", "2");
        let ran = call
            .run()
            .exits(75)
            .says(&["s3://tables/postventa", "run the same command again later"]);
        // The limit, a last pause and a last request; and a slow machine.
        assert!(
            begun.elapsed() < Duration::from_secs(12),
            "{mishap:?}: {:?} {}",
            begun.elapsed(),
            ran.err
        );
        // Pauses of 0.1, 0.2, 0.4, 0.5, 0.5 .. seconds; the client shortens each by chance. An answer is waited for a second.
        let requests = proxy.requests.lock().unwrap().len();
        assert!((2..40).contains(&requests), "{mishap:?}: {requests} requests");
    }
}

#[test]
fn a_store_that_refuses_ends_the_run_with_2_at_once() {
    let project = on_s3();
    let server = S3Server::start(&["tables"]);
    // Listings are allowed, objects are not.
    let plan = |_, line: &str| line.starts_with("PUT").then_some(Mishap::Denied);
    let proxy = Proxy::start(&server, Box::new(plan));
    let call = project.call("run", &[]).envs(proxy.env(&server));
    call.run().exits(2).says(&[
        "s3://tables/postventa/_postventa/lease/",
        "hint: check AWS_ACCESS_KEY_ID",
    ]);
    let puts = |line: &&String| line.starts_with("PUT");
    assert_eq!(
        proxy.requests.lock().unwrap().iter().filter(puts).count(),
        1,
        "a refusal is not asked for again"
    );

    let none = S3Server::start(&[]);
    let begun = Instant::now();
    let ran = project.call("run", &[]).envs(none.env()).run();
    ran.exits(2).says(&[
        "s3://tables/postventa",
        "there is no bucket",
        "hint: check the bucket's name",
    ]);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_limit_that_is_no_number_of_seconds_is_told() {
    let project = on_s3();
    let server = S3Server::start(&["tables"]);
    for (variable, value) in [
        ("POSTVENTA_RETRY_SECONDS", "0"),
        ("POSTVENTA_LEASE_SECONDS", "a minute"),
    ] {
        let call = project.call("run", &[]).envs(server.env()).env(variable, value);
        call.run().exits(2).says(&[variable, value]);
    }
}
