//! A place in a text of JSON lines: strings, numbers and whole values are passed over and checked.
//!
//! `None` says that something is not plain; that it is wrong is for others to say. What is
//! passed over is what `serde_json` would take, so that nothing broken goes through.

/// How deep a value that is passed over may nest.
const DEPTH: usize = 100;

/// Digits of a number that is passed over; a longer one may be too large.
const DIGITS: usize = 300;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// A place in a text.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// A key as it most often stands in a line: in quotes, with a colon behind it.
#[derive(Debug, Clone, Copy)]
pub struct Guess {
    words: [u64; 3],
    masks: [u64; 3],
    length: usize,
}

impl Guess {
    /// Of a key; `None` if it is too long for that, or holds what is not plain.
    pub fn new(key: &str) -> Option<Self> {
        let text = format!("\"{key}\":");
        if text.len() > 24 || key.bytes().any(is_special) {
            return None;
        }
        let (mut words, mut masks) = ([0; 3], [0; 3]);
        for (at, byte) in text.bytes().enumerate() {
            words[at / 8] |= u64::from(byte) << (at % 8 * 8);
            masks[at / 8] |= 0xff << (at % 8 * 8);
        }
        Some(Self { words, masks, length: text.len() })
    }
}

/// A string that was passed over.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Where it begins, behind its quote.
    start: usize,
    /// Where its closing quote is.
    end: usize,
    /// Whether it holds escapes.
    pub escaped: bool,
}

/// A number that was passed over.
#[derive(Debug, Clone, Copy)]
pub struct Number<'a> {
    /// As written.
    pub text: &'a str,
    /// Whether it has no point and no exponent.
    pub integer: bool,
}

/// Where the lowest of some bytes is, if there is one: quote, backslash or control character.
fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * 0x22);
    let backslash = word ^ (ONES * 0x5c);
    let quotes = quote.wrapping_sub(ONES) & !quote;
    let backslashes = backslash.wrapping_sub(ONES) & !backslash;
    let controls = word.wrapping_sub(ONES * 0x20) & !word;
    (quotes | backslashes | controls) & HIGHS
}

fn is_special(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

impl<'a> Cursor<'a> {
    /// At a byte of a text.
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, bytes: text.as_bytes(), at }
    }

    /// The byte that it stands at.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What stands there; a line feed at the end of the text.
    #[inline]
    pub fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(b'\n')
    }

    /// Passes over white space within the line.
    #[inline]
    pub fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
    }

    /// Passes over one byte, if it is this.
    #[inline]
    pub fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek() == byte).then(|| self.at += 1)
    }

    /// Passes over a word, if it stands there.
    #[inline]
    pub fn word(&mut self, word: &[u8]) -> Option<()> {
        let there = self.bytes.get(self.at..)?.starts_with(word);
        there.then(|| self.at += word.len())
    }

    /// Passes over a quote, a key of at most 16 bytes, a quote and a colon, if just that stands there.
    #[inline]
    pub fn guess(&mut self, guess: &Guess) -> Option<()> {
        let there = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<24>)?;
        let words = there.as_chunks::<8>().0;
        let differs = words
            .iter()
            .zip(&guess.words)
            .zip(&guess.masks)
            .fold(0, |differs, ((word, key), mask)| differs | ((u64::from_le_bytes(*word) ^ key) & mask));
        (differs == 0).then(|| self.at += guess.length)
    }

    /// The text between two bytes.
    #[inline]
    pub fn between(&self, start: usize, end: usize) -> Option<&'a str> {
        self.text.get(start..end)
    }

    /// The bytes of a string, if it holds no escape.
    #[inline]
    pub fn plain_bytes(&self, text: Text) -> Option<&'a [u8]> {
        if text.escaped { None } else { self.bytes.get(text.start..text.end) }
    }

    /// A string, if it holds no escape.
    #[inline]
    pub fn plain(&self, text: Text) -> Option<&'a str> {
        if text.escaped { None } else { self.text.get(text.start..text.end) }
    }

    /// A string as it is written, with its quotes.
    pub fn quoted(&self, text: Text) -> Option<&'a str> {
        self.text.get(text.start.checked_sub(1)?..text.end + 1)
    }

    /// Passes over a string. Most are short, so the first word is looked at on the spot.
    #[inline]
    pub fn string(&mut self) -> Option<Text> {
        self.eat(b'"')?;
        let start = self.at;
        if let Some(word) = self.bytes.get(start..).and_then(<[u8]>::first_chunk) {
            let found = special(u64::from_le_bytes(*word));
            let end = start + found.trailing_zeros() as usize / 8;
            if found != 0 && self.bytes.get(end) == Some(&b'"') {
                self.at = end + 1;
                return Some(Text { start, end, escaped: false });
            }
        }
        self.long_string(start)
    }

    fn long_string(&mut self, start: usize) -> Option<Text> {
        let mut escaped = false;
        loop {
            self.pass_plain();
            match self.peek() {
                b'"' => {
                    let end = self.at;
                    self.at += 1;
                    return Some(Text { start, end, escaped });
                }
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return None,
            }
        }
    }

    /// Passes over everything up to a quote, a backslash, a control character or the end.
    #[inline]
    fn pass_plain(&mut self) {
        for _ in 0..3 {
            let Some(word) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) else { break };
            let found = special(u64::from_le_bytes(*word));
            if found != 0 {
                self.at += found.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        self.pass_far();
    }

    fn pass_far(&mut self) {
        while let Some(block) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<32>) {
            // Bytes without branches, so that a compiler makes vectors of them.
            let some = block.iter().fold(0, |some: u8, byte| {
                some | u8::from(*byte == b'"') | u8::from(*byte == b'\\') | u8::from(*byte < 0x20)
            });
            if some != 0 {
                break;
            }
            self.at += 32;
        }
        while let Some(word) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            let found = special(u64::from_le_bytes(*word));
            if found != 0 {
                self.at += found.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        while self.bytes.get(self.at).is_some_and(|byte| !is_special(*byte)) {
            self.at += 1;
        }
    }

    /// Passes over an escape; surrogates are not plain.
    fn escape(&mut self) -> Option<()> {
        self.at += 1;
        let kind = self.peek();
        self.at += 1;
        match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.bytes.get(self.at..)?.first_chunk::<4>()?;
                let all = digits.iter().all(u8::is_ascii_hexdigit);
                let surrogate = matches!(digits, [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]);
                self.at += 4;
                (all && !surrogate).then_some(())
            }
            _ => None,
        }
    }

    /// Passes over a number; one with an exponent or very many digits is not plain.
    #[inline]
    pub fn number(&mut self) -> Option<Number<'a>> {
        let start = self.at;
        if self.peek() == b'-' {
            self.at += 1;
        }
        let first = self.peek();
        let digits = self.digits();
        if digits == 0 || (first == b'0' && digits > 1) {
            return None;
        }
        let integer = self.peek() != b'.';
        if !integer {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        if matches!(self.peek(), b'e' | b'E') || self.at - start > DIGITS {
            return None;
        }
        Some(Number { text: self.text.get(start..self.at)?, integer })
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    /// Passes over any value.
    #[inline]
    pub fn value(&mut self) -> Option<()> {
        self.nested(DEPTH)
    }

    fn nested(&mut self, depth: usize) -> Option<()> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            b'[' => self.array(depth.checked_sub(1)?),
            b'{' => self.object(depth.checked_sub(1)?),
            _ => self.number().map(drop),
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.space();
        if self.eat(b']').is_some() {
            return Some(());
        }
        loop {
            self.space();
            self.nested(depth)?;
            self.space();
            if self.eat(b',').is_none() {
                return self.eat(b']');
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.space();
        if self.eat(b'}').is_some() {
            return Some(());
        }
        loop {
            self.space();
            self.string()?;
            self.space();
            self.eat(b':')?;
            self.space();
            self.nested(depth)?;
            self.space();
            if self.eat(b',').is_none() {
                return self.eat(b'}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(text: &str) -> bool {
        let mut cursor = Cursor::new(text, 0);
        cursor.value().is_some() && cursor.at() == text.len()
    }

    #[test]
    fn what_goes_through_is_json() {
        let alphabet = br#"{}[]":,\u0a1d8 -.e/tnlrf"#;
        let mut state = 7_u64;
        let mut passed = 0;
        for _ in 0..400_000 {
            let mut text = String::new();
            for _ in 0..1 + state % 9 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(alphabet[(state >> 33) as usize % alphabet.len()].into());
            }
            if passes(&text) {
                passed += 1;
                assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
            }
        }
        assert!(passed > 1000, "{passed}");
    }

    #[test]
    fn a_string_ends_at_its_quote_wherever_that_is() {
        for length in 0..150 {
            let inside = "é".repeat(length / 2) + &"x".repeat(length % 2);
            for (text, plain) in [(format!("\"{inside}\""), true), (format!("\"{inside}\\n{inside}\",1"), false)] {
                let mut cursor = Cursor::new(&text, 0);
                let found = cursor.string().expect("a string");
                assert_eq!(cursor.plain(found), plain.then_some(&*inside));
                assert_eq!(cursor.quoted(found), text.strip_suffix(",1").or(Some(&text)));
            }
            for broken in ["", "\n\"", "\u{1f}\"", "\\\"", "\\x\"", "\\ud800\"", "\\u00g0\""] {
                let text = format!("\"{inside}{broken}");
                assert!(Cursor::new(&text, 0).string().is_none(), "{text}");
            }
        }
    }

    #[test]
    fn numbers_that_may_be_too_large_are_not_plain() {
        for text in ["1e5", "1E5", "01", "-", "1.", ".5", "-01", &"9".repeat(DIGITS + 1)] {
            assert!(!passes(text), "{text}");
        }
        for text in ["0", "-0", "10", "-1.50", "0.001", &"9".repeat(DIGITS)] {
            assert!(passes(text), "{text}");
        }
    }
}
