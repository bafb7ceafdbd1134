//! Who a customer is, without keeping who they are: normalised contacts and keyed hashes.

/// The key of all hashes of a job.
pub type HashKey = [u8; 32];

/// Hash of an e-mail, else of a phone; `None` where neither is plausible.
pub fn contact_hash(key: &HashKey, email: Option<&str>, phone: Option<&str>) -> Option<String> {
    if let Some(email) = email.and_then(normal_email) {
        return Some(hash(key, &["email:", &email]));
    }
    let phone = phone.and_then(normal_phone)?;
    Some(hash(key, &["phone:", &phone]))
}

/// Hash of an id in a system.
pub fn id_hash(key: &HashKey, system: &str, id: &str) -> String {
    hash(key, &["id:", system, ":", id])
}

/// Trimmed and in lower case, if it looks like an e-mail.
pub fn normal_email(text: &str) -> Option<String> {
    let email = text.trim().trim_start_matches('\'').to_lowercase();
    let (name, domain) = email.rsplit_once('@')?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>');
    let plausible = !name.is_empty()
        && !email.contains(odd)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && !name.contains('@');
    plausible.then_some(email)
}

/// Digits with a leading `+` kept (`00` becomes `+`), if there are at least seven.
pub fn normal_phone(text: &str) -> Option<String> {
    let mut phone = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '0'..='9' => phone.push(c),
            '+' if phone.is_empty() => phone.push(c),
            '\'' | ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2010}'..='\u{2014}' => {}
            _ => return None,
        }
    }
    let phone = match phone.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => phone,
    };
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits).then_some(phone)
}

fn hash(key: &HashKey, parts: &[&str]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let half = digest.as_bytes().iter().take(16);
    half.flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| HEX.get(usize::from(digit)))
        .map(|digit| char::from(*digit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails() {
        assert_eq!(
            normal_email(" Ana.Paz@Example.COM "),
            Some("ana.paz@example.com".into())
        );
        for wrong in [
            "",
            "ana",
            "@example.com",
            "ana@example",
            "a b@example.com",
            "ana@.com",
            "a@b@c.com",
        ] {
            assert_eq!(normal_email(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn phones() {
        for same in ["+34 612 345 678", "0034612345678", "'+34612345678", "+34 (612) 345-678"] {
            assert_eq!(normal_phone(same), Some("+34612345678".into()), "{same}");
        }
        assert_eq!(normal_phone("612 34 56"), Some("6123456".into()));
        for wrong in ["", "12345", "call me", "+1+2345678"] {
            assert_eq!(normal_phone(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hashes_are_keyed_and_know_their_kind() {
        let (one, two) = ([1; 32], [2; 32]);
        let mail = contact_hash(&one, Some("A@b.co"), Some("+34612345678"));
        assert_eq!(mail, contact_hash(&one, Some("a@b.co "), None));
        assert_ne!(mail, contact_hash(&two, Some("a@b.co"), None));
        let phone = contact_hash(&one, Some("not one"), Some("+34612345678"));
        assert!(phone.is_some() && phone != mail);
        assert_eq!(contact_hash(&one, None, Some("123")), None);
        let id = id_hash(&one, "zendesk", "7");
        assert_eq!(id.len(), 32);
        assert_ne!(id, id_hash(&one, "shopify", "7"));
        let whole = blake3::keyed_hash(&one, b"email:a@b.co").to_hex();
        assert_eq!(mail.as_deref(), Some(&whole.as_str()[..32]));
    }
}
