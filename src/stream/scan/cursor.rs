//! A place in a text of JSON lines: strings, numbers and whole values are passed over and checked.
//!
//! `None` says that something is not plain; that it is wrong is for others to say. What is
//! passed over is what `serde_json` would take, so that nothing broken goes through.

use wide::u8x16;

/// How deep a value that is passed over may nest.
const DEPTH: usize = 100;

/// Digits of a number that is passed over; a longer one may be too large.
const DIGITS: usize = 300;

/// A place in a text.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A key as it most often stands in a line: in quotes, with a colon behind it.
#[derive(Debug, Clone, Copy)]
pub struct Guess {
    halves: [u8x16; 2],
    /// The bytes that have to be the same, one bit each.
    mask: u32,
    length: u32,
}

impl Guess {
    /// Of a key; `None` if it is too long for that, or holds what is not plain.
    pub fn new(key: &str) -> Option<Self> {
        let text = format!("\"{key}\":");
        if text.len() >= 32 || key.bytes().any(is_special) {
            return None;
        }
        let mut bytes = [0; 32];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { halves: halves(&bytes), mask: (1 << text.len()) - 1, length: text.len() as u32 })
    }
}

/// The next bytes of a text.
#[derive(Debug, Clone, Copy)]
pub struct Ahead([u8x16; 2]);

/// No, yes or unknown: 0, 1 or 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Three(pub usize);

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

/// A vector of the half of some bytes that begins at a byte.
#[inline(always)]
fn half(bytes: &[u8; 32], start: usize) -> u8x16 {
    u8x16::new(bytes.get(start..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default())
}

#[inline(always)]
fn halves(bytes: &[u8; 32]) -> [u8x16; 2] {
    [half(bytes, 0), half(bytes, 16)]
}

/// The bytes that are a quote, a backslash or a control character, one bit each.
#[inline(always)]
fn special(bytes: u8x16) -> u32 {
    let quotes = bytes.simd_eq(u8x16::splat(b'"'));
    let backslashes = bytes.simd_eq(u8x16::splat(b'\\'));
    let controls = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
    (quotes | backslashes | controls).to_bitmask()
}

fn is_special(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

impl<'a> Cursor<'a> {
    /// At a byte of a text.
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    #[inline(always)]
    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The byte that it stands at.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What stands there; a line feed at the end of the text.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.bytes().get(self.at).copied().unwrap_or(b'\n')
    }

    /// Passes over white space, of which there is most often none.
    #[inline(always)]
    pub fn space(&mut self) {
        if self.peek() <= b' ' {
            self.some_space(self.text.len());
        }
    }

    /// Passes over white space up to a byte, and says whether that is reached.
    pub fn ends_at(&mut self, end: usize) -> bool {
        self.some_space(end);
        self.at == end
    }

    fn some_space(&mut self, end: usize) {
        while self.at < end && matches!(self.peek(), b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
    }

    /// Passes over one byte, if it is this.
    #[inline(always)]
    pub fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek() == byte).then(|| self.at += 1)
    }

    /// Passes over a word, if it stands there.
    #[inline(always)]
    pub fn word(&mut self, word: &[u8]) -> Option<()> {
        let there = self.bytes().get(self.at..)?.starts_with(word);
        there.then(|| self.at += word.len())
    }

    /// What comes next, to be compared with guesses; `None` close to the end of the text.
    #[inline(always)]
    pub fn ahead(&self) -> Option<Ahead> {
        self.bytes().get(self.at..).and_then(<[u8]>::first_chunk).map(|bytes| Ahead(halves(bytes)))
    }

    /// Passes over a quote, a key, a quote and a colon, if they are what was seen ahead.
    #[inline(always)]
    pub fn guess(&mut self, ahead: &Ahead, guess: &Guess) -> Option<()> {
        let ([low, high], [key_low, key_high]) = (ahead.0, guess.halves);
        let same = low.simd_eq(key_low).to_bitmask() | high.simd_eq(key_high).to_bitmask() << 16;
        (same & guess.mask == guess.mask).then(|| self.at += guess.length as usize)
    }

    /// Passes over `true`, `false` or `null`: which of them, if one of them stands there.
    #[inline(always)]
    pub fn three(&mut self) -> Option<Three> {
        let Some(word) =
            self.bytes().get(self.at..).and_then(<[u8]>::first_chunk).map(|word| u64::from_le_bytes(*word))
        else {
            return self.three_by_words();
        };
        let is = |text: [u8; 8], mask: u64| word & mask == u64::from_le_bytes(text);
        let no = is(*b"false\0\0\0", 0xff_ffff_ffff);
        let yes = is(*b"true\0\0\0\0", 0xffff_ffff);
        let unknown = is(*b"null\0\0\0\0", 0xffff_ffff);
        // No branch tells them apart: which of them comes is often chance.
        self.at += 4 + usize::from(no);
        (yes | no | unknown).then_some(Three(usize::from(yes) + 2 * usize::from(unknown)))
    }

    fn three_by_words(&mut self) -> Option<Three> {
        let words: [&[u8]; 3] = [b"false", b"true", b"null"];
        words.into_iter().position(|word| self.word(word).is_some()).map(Three)
    }

    /// The text between two bytes.
    #[inline(always)]
    pub fn between(&self, start: usize, end: usize) -> Option<&'a str> {
        self.text.get(start..end)
    }

    /// Where a string begins and ends, if it holds no escape.
    #[inline(always)]
    pub fn plain_place(&self, text: Text) -> Option<(&'a [u8], usize, usize)> {
        (!text.escaped).then_some((self.bytes(), text.start, text.end))
    }

    /// A string, if it holds no escape.
    #[inline(always)]
    pub fn plain(&self, text: Text) -> Option<&'a str> {
        if text.escaped { None } else { self.text.get(text.start..text.end) }
    }

    /// A string as it is written, with its quotes.
    pub fn quoted(&self, text: Text) -> Option<&'a str> {
        self.text.get(text.start.checked_sub(1)?..text.end + 1)
    }

    /// Passes over a string. Options, days and ids are short, so the first bytes are looked at on the spot.
    #[inline(always)]
    pub fn string(&mut self) -> Option<Text> {
        self.eat(b'"')?;
        let start = self.at;
        if let Some(bytes) = self.bytes().get(start..).and_then(<[u8]>::first_chunk) {
            let found = special(half(bytes, 0)) | special(half(bytes, 16)) << 16;
            let end = start + found.trailing_zeros() as usize;
            if self.bytes().get(end) == Some(&b'"') {
                self.at = end + 1;
                return Some(Text { start, end, escaped: false });
            }
        }
        self.rest_of_string(start)
    }

    /// Passes over a string that may well be long.
    #[inline(always)]
    pub fn long_string(&mut self) -> Option<Text> {
        self.eat(b'"')?;
        self.rest_of_string(self.at)
    }

    fn rest_of_string(&mut self, start: usize) -> Option<Text> {
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
        while let Some(bytes) = self.bytes().get(self.at..).and_then(<[u8]>::first_chunk::<64>) {
            let [first, second, third, fourth] = bytes.as_chunks::<16>().0 else { break };
            let low = special(u8x16::new(*first)) | special(u8x16::new(*second)) << 16;
            let high = special(u8x16::new(*third)) | special(u8x16::new(*fourth)) << 16;
            let found = u64::from(low) | u64::from(high) << 32;
            if found != 0 {
                self.at += found.trailing_zeros() as usize;
                return;
            }
            self.at += 64;
        }
        while self.bytes().get(self.at).is_some_and(|byte| !is_special(*byte)) {
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
                let digits = self.bytes().get(self.at..)?.first_chunk::<4>()?;
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
            b'"' => self.long_string().map(drop),
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
