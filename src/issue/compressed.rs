//! Compressed inputs: known by their first bytes, decompressed as they are read.
//!
//! Text of no format begins with these bytes, so nothing is guessed. Several gzip members
//! or zstd frames behind each other are one input. What is behind a fault is never read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Bytes that are decompressed at once.
const SIZE: usize = 1 << 16;

/// Endings of names that say nothing of the format of what is inside.
pub(super) const ENDINGS: [&str; 2] = ["gz", "zst"];

/// Whether a file is compressed and what is in it is not what was compressed. One that ends too early is not: what is
/// there of it is right. Reads the whole file.
pub fn is_damaged(path: &Path) -> bool {
    let is_file = path.metadata().is_ok_and(|file| file.is_file());
    let Some(Ok(mut reader)) = is_file.then(|| File::open(path).map(BufReader::new)) else { return false };
    let is_compressed = reader.fill_buf().is_ok_and(|begin| begin.starts_with(GZIP) || begin.starts_with(ZSTD));
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
        return Ok(Box::new(BufReader::with_capacity(SIZE, Gzip(MultiGzDecoder::new(reader)))));
    }
    if begin.starts_with(ZSTD) {
        let frames = Frames { source: reader, decoder: FrameDecoder::new(), within: false };
        return Ok(Box::new(BufReader::with_capacity(SIZE, frames)));
    }
    Ok(reader)
}

fn ends_early() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "the compressed data end too early")
}

fn damaged() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "the compressed data are damaged")
}

/// Says in plain words what is wrong with gzip data.
struct Gzip<R>(MultiGzDecoder<R>);

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => ends_early(),
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other => damaged(),
            _ => error,
        })
    }
}

/// The frames of zstd data, one after the other.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    within: bool,
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
                Err(_) => return Err(self.fault()),
            }
        }
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
                let decoded = self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1));
                if decoded.is_err() {
                    return Err(self.fault());
                }
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            if self.decoder.is_finished() {
                if !self.is_whole() {
                    return Err(damaged());
                }
                self.within = false;
            }
        }
    }
}
