//! How long a request is sent again, and which ones the client leaves to us.

use std::time::{Duration, Instant};

use object_store::{BackoffConfig, ClientOptions, RetryConfig};

use crate::error::{Error, Result};

/// How long a request that gets no good answer is sent again, unless `POSTVENTA_RETRY_SECONDS` says otherwise.
const RETRY_SECONDS: u32 = 60;
const RETRY_VARIABLE: &str = "POSTVENTA_RETRY_SECONDS";

/// Growing pauses from 0.1 s to 10 s, for one minute: then exit 75 and let the scheduler decide.
pub fn retries() -> Result<RetryConfig> {
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
pub fn seconds_of(variable: &str, default: u32) -> Result<u32> {
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
pub async fn again<T, F>(send: impl Fn() -> F) -> object_store::Result<T>
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

/// Limits of one request, and whether it may go without TLS.
pub fn client_options() -> Result<ClientOptions> {
    let allow_http = std::env::var("AWS_ALLOW_HTTP").is_ok_and(|v| v.eq_ignore_ascii_case("true") || v == "1");
    let limit = Duration::from_secs(seconds_of(RETRY_VARIABLE, RETRY_SECONDS)?.into());
    // Half of the limit, so that a request without an answer is sent a second time.
    Ok(ClientOptions::new()
        .with_allow_http(allow_http)
        .with_connect_timeout(Duration::from_secs(5).min(limit / 2))
        .with_timeout(Duration::from_secs(30).min(limit / 2)))
}
