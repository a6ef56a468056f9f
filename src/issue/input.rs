//! Where issues come from: files, standard input or memory, and in which format.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::issue::compressed::{ENDINGS, decompressed};
use crate::issue::meter::{Meter, Metered};

/// Bytes that a document read as a whole may have: 1 GiB.
pub const DOCUMENT_LIMIT: usize = 1 << 30;

/// Bytes that a TOML document may have: 16 MiB. It is one issue, and what its parser finds wrong takes many
/// times the room of the text.
pub const TOML_LIMIT: usize = 16 << 20;

/// Bytes that are read of a stream at once.
const BUFFER: usize = 1 << 16;

/// Formats of issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One issue.
    Toml,
    /// One issue, or an array of issues.
    Json,
    /// One issue a line.
    Jsonl,
    /// A header and one issue a record.
    Csv,
    /// Columns, one issue a row; if the program is built with the feature `parquet`.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Toml, Self::Json, Self::Jsonl, Self::Csv, Self::Parquet];

    /// As written for `--input`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Bytes that a document of this format may have, if it is read as a whole.
    pub(super) fn limit(self) -> usize {
        if self == Self::Toml { TOML_LIMIT } else { DOCUMENT_LIMIT }
    }

    /// The format that a file's extension tells; one of a compressed file counts for nothing.
    pub fn of(path: &Path) -> Option<Self> {
        match inside(path).extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// The name of what is inside a file, which may be compressed: `a.jsonl` of `a.jsonl.gz`.
fn inside(path: &Path) -> PathBuf {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let compressed = ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    if compressed { path.with_extension("") } else { path.to_path_buf() }
}

/// Where issues come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input, shown as `-`.
    Stdin,
    /// Bytes at hand under a name, which tells the format as a file's does.
    Memory {
        /// The name, as shown.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

impl Input {
    /// As shown to people.
    pub fn name(&self) -> Arc<str> {
        match self {
            Self::File(path) => Arc::from(path.display().to_string()),
            Self::Stdin => Arc::from("-"),
            Self::Memory { name, .. } => Arc::from(&**name),
        }
    }

    /// The id of its one issue, if that gives none: the name without extension.
    pub(super) fn stem(&self) -> Option<Arc<str>> {
        let path = match self {
            Self::File(path) => path,
            Self::Stdin => return None,
            Self::Memory { name, .. } => Path::new(name),
        };
        inside(path).file_stem().map(|stem| Arc::from(stem.to_string_lossy()))
    }

    /// Its format: the one that is asked for, else the one its name tells.
    pub(super) fn format(&self, asked: Option<Format>) -> Result<Format, InputError> {
        let path = match self {
            _ if asked.is_some() => return asked.ok_or(InputError::NoFormat),
            Self::File(path) => path,
            Self::Stdin => return Err(InputError::NoFormat),
            Self::Memory { name, .. } => Path::new(name),
        };
        if let Some(format) = Format::of(path) {
            return Ok(format);
        }
        self.is_there()?;
        Err(InputError::UnknownFormat { file: self.name() })
    }

    /// Whether all of it is there, as of a file on a disk.
    pub(super) fn is_steady(&self) -> bool {
        match self {
            Self::File(path) => path.metadata().is_ok_and(|file| file.is_file()),
            Self::Stdin => false,
            Self::Memory { .. } => true,
        }
    }

    /// Fails if it is a file that cannot be there for reading.
    pub(super) fn check(&self, format: Format) -> Result<(), InputError> {
        if format == Format::Parquet && !cfg!(feature = "parquet") {
            return Err(InputError::NoParquet { file: self.name() });
        }
        self.is_there()
    }

    /// Fails if it is a file that is not there, or a folder.
    fn is_there(&self) -> Result<(), InputError> {
        let Self::File(path) = self else { return Ok(()) };
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => Err(InputError::Directory { file: self.name() }),
            Ok(_) => Ok(()),
            Err(error) => Err(InputError::new(self.name(), &error)),
        }
    }

    /// Opens it; what is read of a file is counted.
    pub(super) fn open(self, meter: &Arc<Meter>) -> Result<Box<dyn BufRead + Send>, InputError> {
        let file = self.name();
        let named = matches!(&self, Self::File(path) if inside(path) != *path);
        let reader: Box<dyn BufRead + Send> = match self {
            Self::File(path) => match File::open(path) {
                Ok(reader) => {
                    // Of small files not more than they have, since all of a buffer is set to zero first.
                    let capacity = meter.total().map_or(BUFFER, |total| total.clamp(1 << 10, BUFFER));
                    let metered = Metered { reader, meter: Arc::clone(meter) };
                    Box::new(BufReader::with_capacity(capacity, metered))
                }
                Err(error) => return Err(InputError::new(file, &error)),
            },
            Self::Stdin => Box::new(BufReader::with_capacity(BUFFER, io::stdin())),
            Self::Memory { bytes, .. } => Box::new(Cursor::new(bytes)),
        };
        decompressed(reader, named).map_err(|error| InputError::new(file, &error))
    }
}

/// How issues are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The format of every input; of standard input, and of files whose names tell none, if that is among them.
    /// Without it each file's extension tells.
    pub format: Option<Format>,
    /// Whether a key that is no fact is an error.
    pub strict: bool,
}

/// Why an input could not be read. What is wrong with its content is a [`super::Rejection`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InputError {
    /// No such file.
    #[error("there is no file `{file}`")]
    NotFound {
        /// The file.
        file: Arc<str>,
    },
    /// A folder.
    #[error("`{file}` is a folder")]
    Directory {
        /// The folder.
        file: Arc<str>,
    },
    /// It is there, but cannot be read.
    #[error("`{file}` cannot be read: {reason}")]
    Unreadable {
        /// The file.
        file: Arc<str>,
        /// What the system says.
        reason: String,
    },
    /// It can be read only so far.
    #[error("`{file}` cannot be read beyond line {line}: {reason}")]
    BrokenOff {
        /// The file.
        file: Arc<str>,
        /// The last line that was whole.
        line: usize,
        /// What the system says.
        reason: String,
    },
    /// A document to be read as a whole is larger than [`DOCUMENT_LIMIT`] or [`TOML_LIMIT`].
    #[error("`{file}` is larger than {} MiB", limit >> 20)]
    TooLarge {
        /// The file.
        file: Arc<str>,
        /// The limit in bytes.
        limit: usize,
    },
    /// The extension tells no format.
    #[error("the format of `{file}` cannot be told from its name")]
    UnknownFormat {
        /// The file.
        file: Arc<str>,
    },
    /// The program is built without what reads Parquet.
    #[error("`{file}` is Parquet, which this build of the program cannot read")]
    NoParquet {
        /// The file.
        file: Arc<str>,
    },
    /// A column of Parquet holds another type than its fact.
    #[error("the column `{column}` of `{file}` holds {came}, but should hold {expected}")]
    ParquetColumn {
        /// The file.
        file: Arc<str>,
        /// The column.
        column: String,
        /// What the fact is.
        expected: &'static str,
        /// What the column is.
        came: &'static str,
    },
    /// No column of Parquet is a fact.
    #[error("`{file}` has no column that is a fact of the policy")]
    ParquetWithoutFacts {
        /// The file.
        file: Arc<str>,
    },
    /// Parquet begins at its end, so it has to be a file.
    #[error("Parquet cannot be read from standard input")]
    ParquetFromPipe,
    /// Standard input without a format.
    #[error("standard input has no name to tell its format")]
    NoFormat,
}

impl InputError {
    pub(super) fn new(file: Arc<str>, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound { file },
            io::ErrorKind::IsADirectory => Self::Directory { file },
            _ => Self::Unreadable { file, reason: reason(error) },
        }
    }

    /// Where so many lines were read already.
    pub(super) fn behind(file: Arc<str>, line: usize, error: &io::Error) -> Self {
        if line == 0 { Self::new(file, error) } else { Self::BrokenOff { file, line, reason: reason(error) } }
    }

    /// What to do instead.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NotFound { .. } | Self::Unreadable { .. } | Self::BrokenOff { .. } => None,
            Self::Directory { .. } | Self::ParquetFromPipe => Some("name the files"),
            Self::ParquetColumn { .. } => Some("store the column with the type of the fact, or leave it out"),
            Self::ParquetWithoutFacts { .. } => Some("name the columns as the facts are named"),
            Self::NoParquet { .. } => {
                Some("build the program with its feature `parquet`: `cargo install --path . --features parquet`")
            }
            Self::TooLarge { .. } => Some("write one issue a line and read it with `--input jsonl`"),
            Self::UnknownFormat { .. } | Self::NoFormat => {
                Some("say which it is: `--input toml`, `--input json`, `--input jsonl` or `--input csv`")
            }
        }
    }
}

/// Our own words where we have them, else the system's.
fn reason(error: &io::Error) -> String {
    error.get_ref().map_or_else(|| error.kind().to_string(), ToString::to_string)
}

/// The whole of a document; `Ok(None)` if it is larger than the limit.
pub(super) fn read_whole(reader: impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}
