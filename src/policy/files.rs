//! The `.toml` files of a folder, and their texts.
//!
//! Nothing here fails: what cannot be read comes back with the reason. Links are followed;
//! a folder is entered once, and never one that encloses the place where the search began.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most that a file may hold: 10 MB.
pub const MAX_BYTES: u64 = 10_000_000;

/// Why a file or folder cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The beginning of the text, as far as it can be read.
    pub beginning: String,
}

impl Unreadable {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), beginning: String::new() }
    }

    fn from_error(path: &Path, error: &io::Error) -> Self {
        let shown = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => match fs::read_link(path) {
                Ok(target) => Self::new(
                    format!("`{shown}` is a link to `{}`, which does not exist", target.display()),
                    "take the link away, or put the file in its place",
                ),
                Err(_) => {
                    Self::new(format!("there is no file or folder `{shown}`"), "look at the spelling of the path")
                }
            },
            io::ErrorKind::PermissionDenied => Self::new(
                format!("`{shown}` cannot be read: permission denied"),
                "give yourself the right to read it, or ask its owner",
            ),
            _ => Self::new(format!("`{shown}` cannot be read: {}", plain(error)), "look whether the file is in order"),
        }
    }
}

/// The operating system's words without its number.
fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    let end = words.find(" (os error").unwrap_or(words.len());
    words.get(..end).unwrap_or_default().to_lowercase()
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, Unreadable> {
    let failed = |error: io::Error| Unreadable::from_error(path, &error);
    let about = fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        return Err(Unreadable::new(
            format!("`{}` is a folder, not a file", path.display()),
            "give the folder another name, without `.toml`",
        ));
    }
    if !about.is_file() {
        return Err(Unreadable::new(
            format!("`{}` is neither a file nor a folder", path.display()),
            "give the path of a file",
        ));
    }
    if about.len() > MAX_BYTES {
        return Err(too_large(path));
    }
    let mut bytes = Vec::with_capacity(about.len() as usize + 1);
    File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large(path));
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(path, &error))
}

fn too_large(path: &Path) -> Unreadable {
    Unreadable::new(
        format!("`{}` is larger than {} MB", path.display(), MAX_BYTES / 1_000_000),
        "split it into several files; how a policy is split has no meaning",
    )
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> Unreadable {
    let valid = error.utf8_error().valid_up_to();
    let beginning = error.as_bytes().get(..valid).unwrap_or_default();
    let line = beginning.iter().filter(|b| **b == b'\n').count() + 1;
    Unreadable {
        message: format!(
            "`{}` is no UTF-8 text: byte {} (line {line}) does not belong in one",
            path.display(),
            valid + 1
        ),
        help: "save the file with the encoding UTF-8".to_owned(),
        beginning: String::from_utf8_lossy(beginning).into_owned(),
    }
}

/// What lies in a folder: a `.toml` file, or something that cannot be looked into.
pub type Found = (PathBuf, Option<Unreadable>);

/// The `.toml` files in a folder and below it, in path order; hidden ones are left out.
pub fn below(folder: &Path) -> Vec<Found> {
    let start = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut folders = vec![Place { shown: folder.to_path_buf(), real: start.clone() }];
    let mut walk = Walk { seen: HashSet::from([start.clone()]), start, found: Vec::new() };
    while let Some(folder) = folders.pop() {
        folders.extend(walk.enter(&folder));
    }
    walk.found.sort_by(|a, b| a.0.cmp(&b.0));
    walk.found
}

/// A file or folder: under the path that people see, and without links.
struct Place {
    shown: PathBuf,
    real: PathBuf,
}

struct Walk {
    /// Where the search began.
    start: PathBuf,
    /// Files and folders already met under any path.
    seen: HashSet<PathBuf>,
    found: Vec<Found>,
}

impl Walk {
    /// Takes note of the files in a folder; gives the folders in it, the last first.
    fn enter(&mut self, folder: &Place) -> Vec<Place> {
        let mut folders = Vec::new();
        match entries(&folder.shown) {
            Ok(entries) => {
                for (name, kind) in entries {
                    self.visit(folder, &name, kind, &mut folders);
                }
            }
            Err(error) => self.found.push((folder.shown.clone(), Some(error))),
        }
        folders.reverse();
        folders
    }

    fn visit(&mut self, folder: &Place, name: &OsStr, kind: Kind, folders: &mut Vec<Place>) {
        let shown = folder.shown.join(name);
        let toml = is_toml(&shown);
        let is_folder = !toml && (kind == Kind::Folder || (kind == Kind::Unclear && shown.is_dir()));
        if !toml && !is_folder {
            return;
        }
        let real = match kind {
            Kind::Unclear => fs::canonicalize(&shown).ok(),
            Kind::Folder | Kind::File => Some(folder.real.join(name)),
        };
        if real.as_ref().is_some_and(|real| self.start.starts_with(real) || !self.seen.insert(real.clone())) {
            return;
        }
        match real {
            Some(real) if is_folder => folders.push(Place { shown, real }),
            None if is_folder => {}
            _ => self.found.push((shown, None)),
        }
    }
}

/// What something in a folder is; links, and what the system does not tell, are unclear.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Unclear,
}

impl From<io::Result<FileType>> for Kind {
    fn from(file_type: io::Result<FileType>) -> Self {
        match file_type {
            Ok(file_type) if file_type.is_dir() => Self::Folder,
            Ok(file_type) if file_type.is_file() => Self::File,
            _ => Self::Unclear,
        }
    }
}

/// The names in a folder, sorted, without hidden ones.
fn entries(folder: &Path) -> Result<Vec<(OsString, Kind)>, Unreadable> {
    let failed = |error: io::Error| Unreadable::from_error(folder, &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            entries.push((name, Kind::from(entry.file_type())));
        }
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

/// What lies directly in a folder, sorted, without hidden files.
pub fn children(folder: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    Ok(entries(folder)?.into_iter().map(|(name, _)| folder.join(name)).collect())
}

/// Whether a path ends in `.toml`.
pub fn is_toml(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("toml"))
}

/// The files in a folder and below it whose names end nearly in `.toml`: `.TOML`, or `.toml.txt` as some programs
/// call what they save.
pub fn misnamed(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for (name, kind) in entries(&folder).unwrap_or_default() {
            let path = folder.join(name);
            if kind == Kind::Folder {
                folders.push(path);
            } else if !is_toml(&path) && as_toml(&path) != path {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// How a file is called whose name ends nearly in `.toml`; the same path for any other.
pub fn as_toml(path: &Path) -> PathBuf {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let stem = name.get(..name.len().saturating_sub(4)).filter(|_| name.to_lowercase().ends_with(".txt"));
    let stem = stem.unwrap_or(name);
    match stem.get(..stem.len().saturating_sub(5)) {
        Some(bare) if stem.to_lowercase().ends_with(".toml") && !bare.is_empty() => {
            path.with_file_name(format!("{bare}.toml"))
        }
        _ => path.to_path_buf(),
    }
}
