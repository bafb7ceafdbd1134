//! The program as a scheduler sees it: arguments and environment in; exit code, stdout and stderr out.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// One call of the program, with an environment of its own: nothing of the machine's credentials or settings.
pub struct Call(Command);

pub fn postventa(args: &[&str]) -> Call {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postventa"));
    command
        .args(args)
        .stdin(Stdio::null())
        .env("POSTVENTA_HASH_KEY", "a key for tests");
    for (name, _) in std::env::vars() {
        if name.starts_with("AWS_") || name == "POSTVENTA_LOG" {
            command.env_remove(name);
        }
    }
    Call(command)
}

impl Call {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub fn envs<'a>(mut self, variables: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        self.0.envs(variables);
        self
    }

    pub fn run(mut self) -> Ran {
        Ran::of(self.0.output().expect("the program starts"))
    }

    /// Starts it and goes on; its output is read by `Ran::of(child.wait_with_output())`.
    pub fn start(mut self) -> Child {
        self.0
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }
}

#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        use std::os::unix::process::ExitStatusExt;
        let code = output.status.code().or(output.status.signal().map(|signal| -signal));
        Ran {
            code: code.expect("an exit code or a signal"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// Every one of these stands on stderr.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is not in:\n{}", self.err);
        }
        self
    }

    /// The one JSON line of `--json`.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.out.lines().count(), 1, "one line: {}", self.out);
        serde_json::from_str(&self.out).expect("JSON")
    }
}

/// A job file, its landing files and its warehouse, in a folder of their own.
pub struct Project {
    pub folder: TempDir,
}

impl Project {
    /// An empty one.
    pub fn new() -> Self {
        Project {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    /// `[job]` in Madrid and euros with the warehouse in `warehouse/`, followed by `rest`.
    pub fn with_job(rest: &str) -> Self {
        let project = Self::new();
        project.job(rest);
        project
    }

    pub fn job(&self, rest: &str) {
        let head =
            "[job]\nname = \"test\"\ntime_zone = \"Europe/Madrid\"\ncurrency = \"EUR\"\nwarehouse = \"warehouse\"\n";
        self.write("job.toml", &format!("{head}{rest}"));
    }

    /// The demo, as it is bundled.
    pub fn demo() -> Self {
        let project = Self::new();
        let jobs = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs");
        copy(&jobs.join("demo"), &project.path("demo"));
        let job = std::fs::read_to_string(jobs.join("demo.toml")).expect("the demo's job file");
        project.write("job.toml", &job.replace("../warehouse", "warehouse"));
        project
    }

    /// Some days of an invented shop under `demo/`, read by the demo's job file; small enough to be built many times.
    pub fn sample(from: &str, days: u32) -> Self {
        let project = Self::demo();
        std::fs::remove_dir_all(project.path("demo")).expect("the demo's files are a copy");
        let folder = project.text("demo");
        let days = days.to_string();
        let size = ["--orders-per-day", "5", "--tickets-per-day", "4", "--seed", "11"];
        let packed = ["--compress", "gz", "--plain", "tickets", "--plain", "users"];
        let args = [
            &["sample", &folder, "--from", from, "--days", &days][..],
            &size,
            &packed,
        ]
        .concat();
        postventa(&args).run().exits(0);
        project
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn text(&self, path: &str) -> String {
        self.path(path).to_str().expect("a path of text").to_owned()
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, path: &str, content: &str) {
        self.write_bytes(path, content.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, content: &[u8]) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("a written file");
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).expect("a file of text")
    }

    /// Changes a file's text; `from` must be in it.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{from:?} is not in {path}");
        self.write(path, &text.replace(from, to));
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).expect("a file to remove");
    }

    pub fn warehouse(&self) -> PathBuf {
        self.path("warehouse")
    }

    /// A call on this job, not yet run: `call("run", &["--json"])`.
    pub fn call(&self, command: &str, args: &[&str]) -> Call {
        let job = self.text("job.toml");
        postventa(&[&[command, &job][..], args].concat())
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.call("run", args).run()
    }

    /// Every landing file below `demo/`, by path from there.
    pub fn landed(&self) -> Vec<String> {
        files(&self.path("demo"))
    }

    /// How many landing files there are of these days, both included.
    pub fn landed_between(&self, from: &str, to: &str) -> usize {
        let landed = self.landed();
        let dates = landed.iter().filter_map(|path| path.rsplit('/').next()?.get(..10));
        dates.filter(|date| (from..=to).contains(date)).count()
    }
}

/// Every file below a folder, by path from there, sorted.
pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(
                    path.strip_prefix(folder)
                        .expect("below")
                        .to_str()
                        .expect("text")
                        .to_owned(),
                );
            }
        }
    }
    found.sort();
    found
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        std::fs::copy(from.join(&file), target).expect("a copied file");
    }
}
