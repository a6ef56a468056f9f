//! Compressed inputs: known by their first bytes, decompressed as they are read.
//!
//! Text of no format begins with these bytes, so nothing is guessed. Several gzip members
//! or zstd frames behind each other are one input. What is behind a fault is never read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// What a frame to be skipped begins with, behind its first byte (RFC 8878, section 3.1.2).
const ZSTD_SKIPPED: &[u8] = &[0x2a, 0x4d, 0x18];

/// A last block of no bytes, and room for the sum of a frame that ends with one: with it behind what could be decoded,
/// the decoder hands out all of that.
const ZSTD_END: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

/// Bytes that are decompressed at once.
const SIZE: usize = 1 << 16;

/// Endings of names that say nothing of the format of what is inside.
pub(super) const ENDINGS: [&str; 2] = ["gz", "zst"];

/// Whether a file is compressed and what is in it is not what was compressed. One that ends too early is not: what is
/// there of it is right. Reads the whole file.
pub fn is_damaged(path: &Path) -> bool {
    let is_file = path.metadata().is_ok_and(|file| file.is_file());
    let Some(Ok(mut reader)) = is_file.then(|| File::open(path).map(BufReader::new)) else { return false };
    let is_compressed = reader.fill_buf().is_ok_and(|begin| begin.starts_with(GZIP) || is_zstd(begin));
    let whole = |mut reader: Box<dyn BufRead + Send>| io::copy(&mut reader, &mut io::sink());
    is_compressed
        && decompressed(Box::new(reader), false)
            .and_then(whole)
            .is_err_and(|error| error.kind() == ErrorKind::InvalidData)
}

/// A stream, decompressed if it is compressed. By its name it has to be, if `named` says so.
///
/// # Errors
/// If it cannot be read, or is empty where something compressed was to be.
pub(super) fn decompressed(mut reader: Box<dyn BufRead + Send>, named: bool) -> io::Result<Box<dyn BufRead + Send>> {
    let begin = reader.fill_buf()?;
    if named && begin.is_empty() {
        return Err(ends_early());
    }
    if begin.starts_with(GZIP) {
        return Ok(Box::new(BufReader::with_capacity(SIZE, Gzip(Some(GzDecoder::new(reader))))));
    }
    if is_zstd(begin) {
        let frames = Frames { source: reader, decoder: FrameDecoder::new(), within: false, fault: None };
        return Ok(Box::new(BufReader::with_capacity(SIZE, frames)));
    }
    Ok(reader)
}

fn is_zstd(begin: &[u8]) -> bool {
    let is_skipped = || matches!(begin, [0x50..=0x5f, rest @ ..] if rest.starts_with(ZSTD_SKIPPED));
    begin.starts_with(ZSTD) || is_skipped()
}

fn ends_early() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "the compressed data end too early")
}

fn damaged() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "the compressed data are damaged")
}

fn window_too_large(requested: u64, max: u64) -> io::Error {
    let (requested, max) = (requested.div_ceil(1 << 20), max >> 20);
    let reason =
        format!("it takes {requested} MiB at once to decompress it, and no more than {max} MiB are given to that");
    io::Error::new(ErrorKind::Unsupported, reason)
}

/// The members of gzip data, one after the other; zeros behind them fill up a block of a tape, and say nothing.
struct Gzip<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Gzip<R> {
    /// Begins the next member; false at the end of the data.
    fn begin(&mut self) -> io::Result<bool> {
        let Some(mut source) = self.0.take().map(GzDecoder::into_inner) else { return Ok(false) };
        loop {
            let bytes = source.fill_buf()?;
            match bytes.iter().position(|byte| *byte != 0) {
                Some(zeros) => {
                    source.consume(zeros);
                    self.0 = Some(GzDecoder::new(source));
                    return Ok(true);
                }
                None if bytes.is_empty() => return Ok(false),
                None => {
                    let zeros = bytes.len();
                    source.consume(zeros);
                }
            }
        }
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(buffer).map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => ends_early(),
                ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other => damaged(),
                _ => error,
            })?;
            if read > 0 || buffer.is_empty() || !self.begin()? {
                return Ok(read);
            }
        }
        Ok(0)
    }
}

/// The frames of zstd data, one after the other.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    within: bool,
    /// What was wrong behind what is handed out last.
    fault: Option<io::Error>,
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame that is not to be skipped; false at the end of the data.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                    if skipped < length.into() {
                        return Err(ends_early());
                    }
                }
                Err(FrameDecoderError::WindowSizeTooBig { requested, max }) => {
                    return Err(window_too_large(requested, max));
                }
                Err(_) => return Err(self.fault()),
            }
        }
    }

    /// Decodes the next block. After one that cannot be decoded comes no other.
    fn decode(&mut self) -> io::Result<()> {
        let one = || BlockDecodingStrategy::UptoBlocks(1);
        if self.decoder.decode_blocks(&mut self.source, one()).is_ok() {
            return Ok(());
        }
        let fault = self.fault();
        match self.decoder.decode_blocks(ZSTD_END.as_slice(), one()) {
            Ok(_) => self.fault = Some(fault),
            Err(_) => return Err(fault),
        }
        Ok(())
    }

    /// What is wrong where a frame cannot be decoded.
    fn fault(&mut self) -> io::Error {
        match self.source.fill_buf() {
            Ok([]) => ends_early(),
            Ok(_) => damaged(),
            Err(error) => error,
        }
    }

    /// Whether the data are those that were compressed, as far as the frame says.
    fn is_whole(&self) -> bool {
        let told = self.decoder.get_checksum_from_data();
        told.is_none() || told == self.decoder.get_calculated_checksum()
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.within {
                self.within = self.begin()?;
                if !self.within {
                    return Ok(0);
                }
            }
            if self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decode()?;
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            if self.decoder.is_finished() {
                if let Some(fault) = self.fault.take() {
                    return Err(fault);
                }
                if !self.is_whole() {
                    return Err(damaged());
                }
                self.within = false;
            }
        }
    }
}
