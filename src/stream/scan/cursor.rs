//! A place in a text of JSON lines: strings, numbers and whole values are passed over and checked.
//!
//! A cursor is a value, and what is not compiled into its caller gets a copy, so that its place can
//! stay in a register. `None` says that something is not plain; that it is wrong is for others to say. What is
//! passed over is what `serde_json` would take, so that nothing broken goes through.

use wide::u8x16;

use crate::issue::marks::{Ahead, Marks};

/// How deep a value that is passed over may nest.
const DEPTH: usize = 100;

/// Digits of a number that is passed over; a longer one may be too large.
const DIGITS: usize = 300;

/// Digits of an integer that surely is not too large.
const INTEGER_DIGITS: usize = 18;

/// A text and where its quotes, backslashes and control characters are.
#[derive(Debug, Clone, Copy)]
pub struct Marked<'a> {
    /// The text.
    pub text: &'a str,
    /// Its marks.
    pub marks: &'a Marks,
}

/// A place in a text.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    text: &'a str,
    marks: &'a Marks,
    at: usize,
}

/// A key as it most often stands in a line: behind a comma, in quotes, with a colon behind it.
#[derive(Debug, Clone, Copy)]
pub struct Guess {
    halves: [u8x16; 2],
    /// The bytes of each half that have to be the same, one bit each.
    masks: [u32; 2],
    length: usize,
}

/// What stands before a key that is guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// The comma is still to come, and is compared.
    Comma,
    /// The comma or the brace has been passed over: the byte before the key is not compared.
    Passed,
}

/// The next bytes of a text, to be compared with guesses.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    bytes: &'a [u8; 32],
    /// Where they begin: at the comma, or what stands in its place.
    start: usize,
    /// The bytes of the first half that are to be compared at all.
    compared: u32,
}

impl Guess {
    /// Of a key; `None` if it is too long for that, or holds what is not plain.
    pub fn new(key: &str) -> Option<Self> {
        let text = format!(",\"{key}\":");
        if text.len() >= 32 || key.bytes().any(is_special) {
            return None;
        }
        let mut bytes = [0; 32];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let mask = (1_u32 << text.len()) - 1;
        let halves = [half(&bytes, 0), half(&bytes, 16)];
        Some(Self { halves, masks: [mask & 0xffff, mask >> 16], length: text.len() })
    }

    /// Whether a window shows this key.
    #[inline(always)]
    pub fn is_in(&self, window: Window<'_>) -> bool {
        let differ = |half: usize| !self::half(window.bytes, 16 * half).simd_eq(self.halves[half]).to_bitmask();
        let [low, high] = self.masks;
        // Most keys are short.
        differ(0) & low & window.compared == 0 && (high == 0 || differ(1) & high == 0)
    }
}

#[inline(always)]
fn half(bytes: &[u8; 32], start: usize) -> u8x16 {
    u8x16::new(bytes.get(start..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default())
}

/// No, unknown (1) or yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Three(pub usize);

impl Three {
    /// `false`
    pub const NO: usize = 0;
    /// `true`
    pub const YES: usize = 2;

    /// Each as it is written, the bytes that have to be the same, and how many; the last one is never the same.
    const WORDS: [(u64, u64, usize); 4] = [
        (u64::from_le_bytes(*b"false\0\0\0"), 0xff_ffff_ffff, 5),
        (u64::from_le_bytes(*b"null\0\0\0\0"), 0xffff_ffff, 4),
        (u64::from_le_bytes(*b"true\0\0\0\0"), 0xffff_ffff, 4),
        (1, 0, 0),
    ];

    /// Which of them some bytes may begin with: two bits of the first tell `f`, `n` and `t` apart.
    #[inline(always)]
    fn place(word: u64) -> usize {
        (word >> 3 & 3) as usize
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

fn is_special(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

impl<'a> Cursor<'a> {
    /// At a byte of a text.
    pub fn new(Marked { text, marks }: Marked<'a>, at: usize) -> Self {
        Self { text, marks, at }
    }

    #[inline(always)]
    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
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
            self.at = self.behind_space(self.text.len());
        }
    }

    /// Whether nothing but white space is left up to a byte.
    pub fn ends_at(self, end: usize) -> bool {
        self.behind_space(end) == end
    }

    /// The place behind white space, at most a byte.
    fn behind_space(mut self, end: usize) -> usize {
        while self.at < end && matches!(self.peek(), b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
        self.at
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

    /// What comes next, to be compared with guesses; `None` if that is no key, or close to the end of the text.
    #[inline(always)]
    pub fn window(&self, before: Before) -> Option<Window<'a>> {
        let (start, compared) = match before {
            Before::Comma => (self.at, u32::MAX),
            Before::Passed => (self.at.checked_sub(1)?, u32::MAX - 1),
        };
        let bytes: &[u8; 32] = self.bytes().get(start..)?.first_chunk()?;
        (bytes[1] == b'"').then_some(Window { bytes, start, compared })
    }

    /// Passes over a key and its colon, and the comma before it, which are in the window.
    #[inline(always)]
    pub fn pass(&mut self, window: Window<'_>, guess: &Guess) {
        self.at = window.start + guess.length;
    }

    /// Passes over `true`, `false` or `null`: which of them, if one of them stands there. No branch tells them
    /// apart, since which of them comes is often chance.
    #[inline(always)]
    pub fn three(&mut self) -> Option<Three> {
        let word = self.eight_bytes();
        let place = Three::place(word);
        let (text, mask, length) = Three::WORDS[place];
        self.at += length;
        (word & mask == text).then_some(Three(place))
    }

    /// The next bytes, the first one lowest; zeros behind the end of the text.
    #[inline(always)]
    fn eight_bytes(self) -> u64 {
        let chunk = self.bytes().get(self.at..).and_then(<[u8]>::first_chunk);
        chunk.map_or_else(|| self.last_bytes(), |chunk| u64::from_le_bytes(*chunk))
    }

    fn last_bytes(self) -> u64 {
        let mut bytes = [0; 8];
        let rest = self.bytes().get(self.at..).unwrap_or_default();
        bytes.iter_mut().zip(rest).for_each(|(byte, last)| *byte = *last);
        u64::from_le_bytes(bytes)
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

    /// Passes over a string. Most are short, so that one look at the marks tells where they end.
    #[inline(always)]
    pub fn string(&mut self) -> Option<Text> {
        self.eat(b'"')?;
        let start = self.at;
        let Ahead { bits, .. } = self.marks.ahead(start);
        let end = start + bits.trailing_zeros() as usize;
        if bits != 0 && self.bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Some(Text { start, end, escaped: false });
        }
        let text = self.rest_of_string(start)?;
        self.at = text.end + 1;
        Some(text)
    }

    /// The string whose text begins at a place.
    fn rest_of_string(mut self, start: usize) -> Option<Text> {
        let mut escaped = false;
        loop {
            self.pass_plain();
            match self.peek() {
                b'"' => return Some(Text { start, end: self.at, escaped }),
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
        loop {
            let Ahead { bits, known } = self.marks.ahead(self.at);
            if bits != 0 {
                self.at += bits.trailing_zeros() as usize;
                return;
            }
            self.at += known;
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
    #[inline(always)]
    pub fn number(&mut self) -> Option<&'a str> {
        let number = self.number_here()?;
        self.at += number.len();
        Some(number)
    }

    fn number_here(mut self) -> Option<&'a str> {
        let start = self.at;
        if self.peek() == b'-' {
            self.at += 1;
        }
        let first = self.peek();
        let digits = self.digits();
        if digits == 0 || (first == b'0' && digits > 1) {
            return None;
        }
        if self.peek() == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        if matches!(self.peek(), b'e' | b'E') || self.at - start > DIGITS {
            return None;
        }
        self.text.get(start..self.at)
    }

    /// Passes over an integer, which is read on the way; one with very many digits is not plain, nor is a number with
    /// a point or an exponent.
    #[inline(always)]
    pub fn integer(&mut self) -> Option<i64> {
        let is_negative = self.eat(b'-').is_some();
        let (start, first) = (self.at, self.peek());
        let mut value = 0_i64;
        while let digit @ 0..=9 = self.peek().wrapping_sub(b'0') {
            value = value.wrapping_mul(10).wrapping_add(digit.into());
            self.at += 1;
        }
        let digits = self.at - start;
        let is_plain = (1..=INTEGER_DIGITS).contains(&digits) && (first != b'0' || digits == 1);
        let ends = !matches!(self.peek(), b'.' | b'e' | b'E');
        (is_plain && ends).then_some(if is_negative { value.wrapping_neg() } else { value })
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    /// Passes over any value; most of those that nobody asks for are strings.
    #[inline(always)]
    pub fn value(&mut self) -> Option<()> {
        if self.peek() == b'"' {
            return self.string().map(drop);
        }
        self.at = self.behind_value()?;
        Some(())
    }

    /// The place behind any value.
    fn behind_value(mut self) -> Option<usize> {
        self.nested(DEPTH)?;
        Some(self.at)
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

    #[test]
    fn a_guess_is_right_or_none() {
        let keys: Vec<String> = (0..40).flat_map(|n| ["", "x", "y"].map(|last| "k".repeat(n) + last)).collect();
        let mut marks = Marks::default();
        for (before, separator) in [(Before::Comma, ","), (Before::Passed, " "), (Before::Passed, "{")] {
            for written in &keys {
                let text = format!("{separator}\"{written}\":true{}", " ".repeat(32));
                marks.set(text.as_bytes());
                let at = usize::from(before == Before::Passed);
                let mut cursor = Cursor::new(Marked { text: &text, marks: &marks }, at);
                let window = cursor.window(before).expect("a key and more");
                for key in &keys {
                    let guess = Guess::new(key);
                    assert_eq!(guess.is_some(), key.len() < 28, "{key}");
                    let Some(guess) = guess else { continue };
                    assert_eq!(guess.is_in(window), key == written, "{key} {text}");
                    if key == written {
                        cursor.pass(window, &guess);
                        assert!(cursor.word(b"true").is_some());
                    }
                }
            }
        }
        for text in [",\"k\":1", ", \"k\":1                                ", "}                                 "] {
            marks.set(text.as_bytes());
            assert!(Cursor::new(Marked { text, marks: &marks }, 0).window(Before::Comma).is_none(), "{text}");
        }
    }

    #[test]
    fn an_integer_is_the_number_that_is_passed_over() {
        let mut dice = crate::dice::Dice(11);
        let mut marks = Marks::default();
        for _ in 0..20_000 {
            let length = dice.next() as usize % 22;
            let digits: String = (0..length).map(|_| char::from(b"0123456789"[dice.next() as usize % 10])).collect();
            let text = ["", "-", "--"][dice.next() as usize % 3].to_owned()
                + &digits
                + ["", ".5", "e1", "E", ",", "x"][dice.next() as usize % 6];
            marks.set(text.as_bytes());
            let cursor = || Cursor::new(Marked { text: &text, marks: &marks }, 0);
            let (mut read, mut passed) = (cursor(), cursor());
            let expected = passed.number().filter(|number| !number.contains('.') && digits.len() <= INTEGER_DIGITS);
            assert_eq!(read.integer(), expected.and_then(|number| number.parse().ok()), "{text}");
            assert!(expected.is_none() || read.at == passed.at, "{text}");
        }
    }

    fn passes(text: &str) -> bool {
        let mut marks = Marks::default();
        marks.set(text.as_bytes());
        let mut cursor = Cursor::new(Marked { text, marks: &marks }, 0);
        cursor.value().is_some() && cursor.ends_at(text.len())
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
        let mut marks = Marks::default();
        for length in 0..150 {
            let inside = "é".repeat(length / 2) + &"x".repeat(length % 2);
            for (text, plain) in [(format!("\"{inside}\""), true), (format!("\"{inside}\\n{inside}\",1"), false)] {
                marks.set(text.as_bytes());
                let mut cursor = Cursor::new(Marked { text: &text, marks: &marks }, 0);
                let found = cursor.string().expect("a string");
                assert_eq!(cursor.plain(found), plain.then_some(&*inside));
                assert_eq!(cursor.quoted(found), text.strip_suffix(",1").or(Some(&text)));
            }
            for broken in ["", "\n\"", "\u{1f}\"", "\\\"", "\\x\"", "\\ud800\"", "\\u00g0\""] {
                let text = format!("\"{inside}{broken}");
                marks.set(text.as_bytes());
                assert!(Cursor::new(Marked { text: &text, marks: &marks }, 0).string().is_none(), "{text}");
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
