//! Where results go: standard output, or a file that is written whole or not at all.
//!
//! Only whole lines are ever handed over, one write at a time, so that whoever holds the
//! lock of a sink knows that no line is half written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use remit::policy::{folder_of, is_part, names_issue};
use tempfile::NamedTempFile;

use super::exit::Failure;

/// Fails if two results would go into one file, or one over what is read (`-`: standard input). Of `--output` without a
/// file that is standard output, which may be led into a file as well; the others are by their options.
///
/// # Errors
/// Of usage.
pub fn check_apart<'r>(
    output: Option<&Path>,
    others: &[(&str, &Option<PathBuf>)],
    read: impl IntoIterator<Item = &'r Path>,
) -> Result<(), Failure> {
    let others = others.iter().filter_map(|(option, path)| Some((*option, path.as_deref()?)));
    let named = [("--output", output.unwrap_or(Path::new("-")))].into_iter().chain(others);
    // What is no plain file (a device, a pipe) takes all that comes.
    let is_plain = |path: &Path| path.is_file() || !path.exists();
    let mut places: Vec<(String, PathBuf)> = Vec::new();
    for (option, path) in named {
        let (path, what) = match is_dash(path) {
            true => (Path::new(STDOUTS[0]), "standard output".to_owned()),
            false => (path, format!("`{option}`")),
        };
        let Some(place) = Some(path).filter(|path| is_plain(path)).and_then(place) else { continue };
        if let Some((other, _)) = places.iter().find(|(other, known)| *known == place && *other != what) {
            return Err(
                Failure::usage(format!("{other} and {what} name the same file")).help("give each a file of its own")
            );
        }
        places.push((what, place));
    }
    if places.is_empty() {
        return Ok(());
    }
    for path in read {
        let (path, name) = match is_dash(path) {
            true => (Path::new(STDIN), "standard input".to_owned()),
            false => (path, format!("`{}`", path.display())),
        };
        let read = place(path);
        if let Some((what, _)) = places.iter().find(|(_, known)| read.as_ref() == Some(known)) {
            return Err(
                Failure::usage(format!("{what} would write over {name}, which is read")).help("give it another file")
            );
        }
    }
    Ok(())
}

/// Fails if a result, by the option that names its file, would become a part of a policy: every `.toml` file in its
/// folder is one, but for the issues that scenarios name.
///
/// # Errors
/// Of usage.
pub fn check_outside(results: &[(&str, &Option<PathBuf>)], policy: &Path) -> Result<(), Failure> {
    let is_new = |path: &Path| if path.exists() { is_part(path) } else { !names_issue(policy, path) };
    for (option, path) in results {
        let Some(path) = path.as_deref().filter(|path| path.extension().is_some_and(|end| end == "toml")) else {
            continue;
        };
        if policy.is_dir() && lies_in(path, policy) && is_new(path) {
            let message =
                format!("`{option}` would put a .toml file into the folder of the policy `{}`", policy.display());
            return Err(Failure::usage(message)
                .help("all .toml files there are read as the policy, and this would be none: name another folder"));
        }
    }
    Ok(())
}

/// Whether a path, there already or not, is in a folder or below it.
fn lies_in(path: &Path, folder: &Path) -> bool {
    // Of a path that does not end in a file yet, what is there of it says where it will be.
    let here = Path::new(".");
    let above = path.ancestors().skip(1).map(|above| if above.as_os_str().is_empty() { here } else { above });
    let real = above.filter_map(|above| fs::canonicalize(above).ok()).next();
    real.zip(fs::canonicalize(folder).ok()).is_some_and(|(real, folder)| real.starts_with(folder))
}

/// Fails if rejected issues would go to standard output.
///
/// # Errors
/// Of usage.
pub fn check_rejects(rejects: Option<&Path>) -> Result<(), Failure> {
    match rejects {
        Some(path) if is_dash(path) || STDOUTS.iter().any(|known| path == Path::new(known)) => {
            Err(Failure::usage("`--rejects` takes a file: rejected issues never go to standard output")
                .help("leave `--rejects` out, and they are told on standard error"))
        }
        _ => Ok(()),
    }
}

/// Whether a path stands for standard input or output.
fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What standard input is called among files.
const STDIN: &str = "/dev/stdin";

/// What standard output is called among files, first the usual name.
const STDOUTS: [&str; 3] = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Where a link leads at whose end no file is yet; any other path as it is.
fn behind_link(path: &Path) -> PathBuf {
    // As many links as systems follow.
    let next = |path: &PathBuf| Some(folder_of(path).join(fs::read_link(path).ok()?));
    let steps = std::iter::successors(Some(path.to_path_buf()), next).take(40);
    steps.last().unwrap_or_else(|| path.to_path_buf())
}

/// Where a path leads, whether there is a file or not yet.
fn place(path: &Path) -> Option<PathBuf> {
    let path = &behind_link(path);
    let folder = folder_of(path);
    fs::canonicalize(path).ok().or_else(|| Some(fs::canonicalize(folder).ok()?.join(path.file_name()?)))
}

/// A place for results. Clones write to the same place.
#[derive(Debug, Clone)]
pub struct Output {
    name: String,
    sink: Arc<Mutex<Sink>>,
}

#[derive(Debug)]
enum Sink {
    Stdout,
    /// What is no plain file (a device, a pipe) cannot be replaced, so it is written as it comes.
    Direct(File),
    /// A file beside the target, which takes its place at the end.
    Whole {
        file: NamedTempFile,
        target: PathBuf,
    },
    /// Finished or given up.
    Closed,
}

impl Output {
    /// Standard output, or the file of a path other than `-`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let (name, sink) = match path {
            None => ("standard output".to_owned(), Sink::Stdout),
            Some(path) if is_dash(path) => ("standard output".to_owned(), Sink::Stdout),
            Some(path) => {
                let name = path.display().to_string();
                let sink = Sink::of(path).map_err(|error| Failure::writing(&name, &error))?;
                (name, sink)
            }
        };
        Ok(Self { name, sink: Arc::new(Mutex::new(sink)) })
    }

    /// Writes whole lines.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write(&self, lines: &[u8]) -> Result<(), Failure> {
        let written = match &mut *self.lock() {
            Sink::Stdout => io::stdout().lock().write_all(lines),
            Sink::Direct(file) => file.write_all(lines),
            Sink::Whole { file, .. } => file.write_all(lines),
            Sink::Closed => Ok(()),
        };
        written.map_err(|error| Failure::writing(&self.name, &error))
    }

    /// Writes what is left, and puts a file in its place.
    ///
    /// # Errors
    /// If that does not work.
    pub fn finish(&self) -> Result<(), Failure> {
        let finished = match std::mem::replace(&mut *self.lock(), Sink::Closed) {
            Sink::Stdout => io::stdout().lock().flush(),
            Sink::Direct(mut file) => file.flush(),
            Sink::Whole { mut file, target } => {
                file.flush().and_then(|()| file.persist(target).map(drop).map_err(|error| error.error))
            }
            Sink::Closed => Ok(()),
        };
        finished.map_err(|error| Failure::writing(&self.name, &error))
    }

    /// Whether results come as they are written, so that those before an end that comes too soon are there.
    pub fn is_direct(&self) -> bool {
        matches!(*self.lock(), Sink::Stdout | Sink::Direct(_))
    }

    /// Waits for a write that is under way, and takes a file that is not finished away.
    pub fn give_up(&self) {
        *self.lock() = Sink::Closed;
    }

    fn lock(&self) -> MutexGuard<'_, Sink> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink {
    fn of(path: &Path) -> io::Result<Self> {
        let existing = match fs::metadata(path) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if existing.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            return OpenOptions::new().write(true).open(path).map(Self::Direct);
        }
        // Through a link, it is the file behind it that is replaced.
        let target = if existing.is_some() { fs::canonicalize(path)? } else { behind_link(path) };
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        let permissions = existing.map(|metadata| metadata.permissions()).or_else(usual_permissions);
        if let Some(permissions) = permissions {
            builder.permissions(permissions);
        }
        let file = builder.prefix(".remit-").tempfile_in(folder)?;
        Ok(Self::Whole { file, target })
    }
}

/// The permissions of a new file, of which the system takes away what the user's mask says.
#[cfg(unix)]
fn usual_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<fs::Permissions> {
    None
}
