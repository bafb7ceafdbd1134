//! One writer per warehouse, by create-only puts.
//!
//! The lease only saves work: two runs that both believe to hold it cannot both commit, since the ledger's next number
//! can be created once. Holders are numbered; whoever creates the next number holds the warehouse until it expires.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Store, seconds_of};
use crate::error::{Error, Result};

const FOLDER: &str = "_postventa/lease";
/// A holder that died is taken over after this long, unless `POSTVENTA_LEASE_SECONDS` says otherwise. A live one renews
/// its lease four times as often.
const LIFETIME_SECONDS: u32 = 60;
const LIFETIME_VARIABLE: &str = "POSTVENTA_LEASE_SECONDS";

#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    run_id: String,
    /// Unix seconds; the one place where runs compare clocks, so a skew of seconds does not matter.
    expires_at_seconds: i64,
}

/// A held lease; dropping it, or `release`, frees the warehouse.
pub struct Lease {
    store: Store,
    path: String,
    run_id: String,
    stop: Arc<AtomicBool>,
    renewal: Option<tokio::task::JoinHandle<()>>,
}

impl Lease {
    /// Takes the lease, or says who holds it.
    pub fn acquire(store: &Store, run_id: &str, now_seconds: fn() -> i64) -> Result<Lease> {
        let lifetime = seconds_of(LIFETIME_VARIABLE, LIFETIME_SECONDS)?;
        let held = store.list(FOLDER)?;
        let mut next = 1;
        if let Some(newest) = held.last() {
            if let Some(bytes) = store.get_if_there(&newest.path)? {
                match serde_json::from_slice::<Holder>(&bytes) {
                    Ok(holder) if holder.expires_at_seconds > now_seconds() => {
                        return Err(held_by(store, &holder.run_id));
                    }
                    // An unreadable lease has no holder that could still be writing: it is written in one put.
                    Ok(_) | Err(_) => {}
                }
            }
            next = number(&newest.path) + 1;
        }
        let path = format!("{FOLDER}/{next:010}.json");
        if !store.put_new(&path, body(run_id, now_seconds() + i64::from(lifetime)))? {
            return Err(held_by(store, "a run that started at the same moment"));
        }
        // A run that listed long ago can create a number that others have already passed: the highest number holds.
        if store.list(FOLDER)?.last().is_some_and(|newest| newest.path > path) {
            store.delete_all(std::slice::from_ref(&path))?;
            return Err(held_by(store, "a run that was faster"));
        }
        let old: Vec<String> = held.into_iter().map(|object| object.path).collect();
        store.delete_all(&old)?;

        let stop = Arc::new(AtomicBool::new(false));
        let renewal = store.runtime.spawn(renew(
            store.clone(),
            path.clone(),
            run_id.to_owned(),
            stop.clone(),
            now_seconds,
            lifetime,
        ));
        Ok(Lease {
            store: store.clone(),
            path,
            run_id: run_id.to_owned(),
            stop,
            renewal: Some(renewal),
        })
    }

    /// Frees the warehouse at once, instead of when the lease expires.
    pub fn release(mut self) -> Result<()> {
        self.stop_renewing();
        self.store.put(&self.path, body(&self.run_id, 0)).map(|_| ())
    }

    fn stop_renewing(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(task) = self.renewal.take() {
            task.abort();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.renewal.is_some() {
            self.stop_renewing();
            // A failure here only means that the next run waits until the lease expires.
            if let Err(error) = self.store.put(&self.path, body(&self.run_id, 0)) {
                tracing::warn!(%error, "the lease could not be released; it expires by itself");
            }
        }
    }
}

async fn renew(
    store: Store,
    path: String,
    run_id: String,
    stop: Arc<AtomicBool>,
    now_seconds: fn() -> i64,
    lifetime: u32,
) {
    loop {
        tokio::time::sleep(Duration::from_secs(lifetime.into()) / 4).await;
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let renewed = body(&run_id, now_seconds() + i64::from(lifetime));
        if let Err(error) =
            object_store::ObjectStoreExt::put(&store.objects, &store.full_path(&path), renewed.into()).await
        {
            tracing::warn!(%error, "the lease could not be renewed");
        }
    }
}

fn body(run_id: &str, expires_at_seconds: i64) -> bytes::Bytes {
    let holder = Holder {
        run_id: run_id.to_owned(),
        expires_at_seconds,
    };
    serde_json::to_vec(&holder).unwrap_or_default().into()
}

fn number(path: &str) -> u64 {
    path.rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".json"))
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

fn held_by(store: &Store, holder: &str) -> Error {
    Error::LeaseHeld {
        url: store.url(FOLDER),
        holder: holder.to_owned(),
    }
}
