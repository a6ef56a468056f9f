//! Inputs: which format a name tells, and what cannot be read.

use std::path::PathBuf;

use remit::issue::{Failure, Format, Input, InputError, Issues, ReadOptions};

use super::facts;

fn error(input: Input, format: Option<Format>) -> InputError {
    let program = facts();
    match Issues::open(&program, vec![input], ReadOptions { format, strict: false }) {
        Ok(_) => unreachable!("the input cannot be opened"),
        Err(error) => error,
    }
}

#[test]
fn the_extension_tells_the_format() {
    let format = |name: &str| Format::of(&PathBuf::from(name));
    assert_eq!(format("a.toml"), Some(Format::Toml));
    assert_eq!(format("dir.csv/a.JSON"), Some(Format::Json));
    assert_eq!(format("a.jsonl"), Some(Format::Jsonl));
    assert_eq!(format("a.ndjson"), Some(Format::Jsonl));
    assert_eq!(format("a.b.csv"), Some(Format::Csv));
    for name in ["a", "a.txt", "a.yaml", "toml", ".toml", ""] {
        assert_eq!(format(name), None, "{name}");
    }
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.as_str()), Some(format));
    }
    assert_eq!(Format::from_name("xml"), None);
}

#[test]
fn what_cannot_be_opened_is_said_before_anything_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a.txt"), "{}").expect("writes");
    std::fs::create_dir(path("b.json")).expect("a folder");
    let shown = |input: Input, format| {
        let error = error(input, format);
        let text = error.to_string().replace(&format!("{}/", folder.path().display()), "");
        (text, error.help().is_some())
    };
    assert_eq!(shown(Input::File(path("none.toml")), None), ("there is no file `none.toml`".into(), false));
    assert_eq!(shown(Input::File(path("b.json")), None), ("`b.json` is a folder".into(), true));
    assert_eq!(
        shown(Input::File(path("a.txt")), None),
        ("the format of `a.txt` cannot be told from its name".into(), true)
    );
    assert_eq!(shown(Input::Stdin, None), ("standard input has no name to tell its format".into(), true));
    assert!(
        Issues::open(
            &facts(),
            vec![Input::File(path("a.txt"))],
            ReadOptions { format: Some(Format::Json), strict: false }
        )
        .is_ok()
    );
}

#[test]
fn files_are_read_in_the_order_given() {
    let program = facts();
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writes");
        Input::File(path)
    };
    let inputs = vec![
        write("z.toml", b"broken = true"),
        write("a.csv", b"id\nA\n"),
        write("latin.toml", b"note = \"a\"\ntags = [\"\xe4\"]\n"),
        write("m.json", b"{}"),
    ];
    let items: Vec<_> = Issues::open(&program, inputs, ReadOptions::default()).expect("opens").collect();
    let ids: Vec<String> = items.iter().flatten().map(|record| record.issue.id.to_string()).collect();
    assert_eq!(ids, ["z", "A", "m"]);
    let Err(Failure::Rejected(rejection)) = &items[2] else { unreachable!("not UTF-8") };
    assert_eq!((rejection.code.as_str(), rejection.line), ("not-parsed", Some(2)));
    assert_eq!(rejection.message, "the text is not UTF-8: byte 0xe4 at column 10");
}

#[test]
fn a_file_that_vanishes_is_an_error_and_the_others_go_on() {
    let program = facts();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let inputs = ["a.json", "b.json", "c.json"].map(|name| {
        std::fs::write(path(name), "{}").expect("writes");
        Input::File(path(name))
    });
    let mut issues = Issues::open(&program, inputs.to_vec(), ReadOptions::default()).expect("opens");
    assert!(matches!(issues.next(), Some(Ok(_))));
    std::fs::remove_file(path("b.json")).expect("removes");
    assert!(matches!(issues.next(), Some(Err(Failure::Input(InputError::NotFound { .. })))));
    let Some(Ok(record)) = issues.next() else { unreachable!("the third file is there") };
    assert_eq!((record.number, &*record.issue.id), (2, "c"));
    assert!(issues.next().is_none());
}
