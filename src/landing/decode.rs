//! From landing bytes to text: decompression by magic bytes, byte order marks and character sets.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::fault::FileFault;

/// Unpacks gzip and zstd, recognised by their first bytes whatever the file is called; other bytes pass as they are.
/// A stream that ends early or fails its checksum is a fault of the file.
pub fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, FileFault> {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(4));
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::bufread::MultiGzDecoder::new(bytes)
            .read_to_end(&mut out)
            .map_err(|error| cut("gzip", &error))?;
    } else if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        zstd::stream::read::Decoder::with_buffer(bytes)
            .and_then(|mut decoder| decoder.read_to_end(&mut out))
            .map_err(|error| cut("zstd", &error))?;
    } else {
        return Ok(Cow::Borrowed(bytes));
    }
    Ok(Cow::Owned(out))
}

fn cut(kind: &str, error: &std::io::Error) -> FileFault {
    FileFault::new(
        format!("the {kind} data is cut or damaged ({error})"),
        "deliver the whole file again",
    )
}

/// Bytes to text, without the byte order mark. Without a setting the text must be UTF-8 (or UTF-16 with its mark).
pub fn text<'a>(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> Result<Cow<'a, str>, FileFault> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((marked, length)) => (marked, bytes.get(length..).unwrap_or_default()),
        None => (encoding.unwrap_or(UTF_8), bytes),
    };
    if encoding == UTF_8 {
        refuse_wide(bytes)?;
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(not_utf8(bytes, error.valid_up_to())),
        };
    }
    if encoding != UTF_16LE && encoding != UTF_16BE {
        refuse_wide(bytes)?;
    }
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        return Err(FileFault::new(
            format!("the file is not {}", encoding.name()),
            "check the source's `encoding`",
        ));
    }
    Ok(text)
}

fn not_utf8(bytes: &[u8], at: usize) -> FileFault {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    FileFault::new(
        format!("the file is not UTF-8: byte {at}, in line {line}"),
        "set `encoding = \"windows-1252\"` on the source if that is what the export uses",
    )
}

/// Every second byte zero is UTF-16 without its mark; a reader of lines would make nonsense of it.
fn refuse_wide(bytes: &[u8]) -> Result<(), FileFault> {
    let head = bytes.get(..4096.min(bytes.len())).unwrap_or_default();
    let zeros = head.iter().filter(|b| **b == 0).count();
    if zeros >= 8 && zeros * 4 >= head.len() {
        return Err(FileFault::new(
            "the file is full of NUL bytes",
            "it is UTF-16 (set `encoding = \"utf-16le\"`) or not a text file",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn compression_is_known_by_its_first_bytes() {
        assert_eq!(unpack(b"plain").unwrap().as_ref(), b"plain");
        assert_eq!(unpack(&gzip(b"packed")).unwrap().as_ref(), b"packed");
        let two = [gzip(b"a,b\n"), gzip(b"1,2\n")].concat();
        assert_eq!(unpack(&two).unwrap().as_ref(), b"a,b\n1,2\n");
        let zst = zstd::encode_all(&b"packed"[..], 1).unwrap();
        assert_eq!(unpack(&zst).unwrap().as_ref(), b"packed");
    }

    #[test]
    fn a_cut_stream_is_a_fault() {
        let whole = gzip(&b"some text that is long enough to matter".repeat(50));
        let fault = unpack(&whole[..whole.len() - 9]).unwrap_err();
        assert!(fault.to_string().contains("gzip data is cut"), "{fault}");
        let whole = zstd::encode_all(&b"some text".repeat(500)[..], 1).unwrap();
        assert!(unpack(&whole[..whole.len() - 3]).is_err());
    }

    #[test]
    fn marks_are_dropped_and_other_sets_are_asked_for() {
        assert_eq!(text(b"\xef\xbb\xbfa", None).unwrap(), "a");
        assert_eq!(text(b"\xff\xfea\0\xf1\0", None).unwrap(), "añ");
        let fault = text(b"a\nEspa\xf1a", None).unwrap_err();
        assert!(fault.to_string().contains("not UTF-8: byte 6, in line 2"), "{fault}");
        let spanish = text(b"Espa\xf1a \x80", Some(encoding_rs::WINDOWS_1252)).unwrap();
        assert_eq!(spanish, "España €");
        assert!(text(b"a\0b\0c\0d\0e\0f\0g\0h\0i\0", None).is_err());
    }
}
