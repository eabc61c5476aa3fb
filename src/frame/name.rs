//! Whether a name from a header may name a file: a peer chooses it, so it may be anything.

use serde::{Deserialize, Serialize};

use super::FrameError;
use super::error::preview;

/// What keeps a name in a header from being the name of a file in one directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameFault {
    /// The header names no file.
    Missing,
    /// No characters.
    Empty,
    /// A `/` or a `\`: it leads through directories, or starts at the root.
    Separator,
    /// `.` or `..`: a directory.
    Directory,
    /// A NUL, a line feed, an escape or another control character.
    Control,
    /// One of `< > : " | ? *`, which Windows gives a meaning of its own, such as `C:`.
    Reserved,
    /// A dot or a space at the end, which Windows leaves off: two names for one file.
    Ending,
    /// A device on Windows, such as `CON` or `nul.txt`.
    Device,
    /// More bytes than a file system takes.
    TooLong,
}

/// The longest name that is taken, in bytes. File systems end at 255; a few are left for what a
/// reader adds to the name while the file is not whole.
const LONGEST: usize = 240;

/// Whether a name has a fault.
type Has = fn(&str) -> bool;

/// The name if it is plain on every system: one file in one directory and nothing else.
///
/// The same rule holds everywhere, so that a sender cannot find out by trying which system it
/// talks to, and a file that one person received can be handed to another.
///
/// # Errors
/// [`FrameError::BadName`], with the fault.
pub fn plain_name(name: Option<&str>) -> Result<&str, FrameError> {
    let bad = |reason| FrameError::BadName {
        name: name.map(|name| preview(name.as_bytes())),
        reason,
    };
    let Some(name) = name else {
        return Err(bad(NameFault::Missing));
    };
    let faults: [(NameFault, Has); 8] = [
        (NameFault::Empty, str::is_empty),
        (NameFault::Separator, |name| name.contains(['/', '\\'])),
        (NameFault::Directory, |name| matches!(name, "." | "..")),
        (NameFault::Control, |name| name.contains(char::is_control)),
        (NameFault::Reserved, |name| {
            name.contains(['<', '>', ':', '"', '|', '?', '*'])
        }),
        (NameFault::Ending, |name| name.ends_with(['.', ' '])),
        (NameFault::Device, is_device),
        (NameFault::TooLong, |name| name.len() > LONGEST),
    ];
    match faults.into_iter().find(|(_, so)| so(name)) {
        Some((reason, _)) => Err(bad(reason)),
        None => Ok(name),
    }
}

/// Windows opens a device by its name in any directory, in either case, whatever the extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let numbered = |kind: &str| {
        let (head, digit) = stem.split_at_checked(kind.len()).unwrap_or_default();
        // The superscript digits count too.
        head.eq_ignore_ascii_case(kind)
            && ["1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"].contains(&digit)
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device))
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_taken_as_it_is() {
        let names = "a report.txt .profile ..a a..b console.txt COM0 com10 nullable";
        let long = "x".repeat(LONGEST);
        for name in names.split(' ').chain(["文件 2.txt", &long]) {
            assert_eq!(plain_name(Some(name)), Ok(name));
        }
    }

    #[test]
    fn whatever_leads_elsewhere_is_refused_and_says_why() {
        let long: &str = &"x".repeat(LONGEST + 1);
        let within = ["../../x", "/etc/passwd", "a/", "a/b"];
        let windows = ["..\\x", "\\\\host\\share", "C:\\x"];
        let devices = ["CON", "nul.txt", "Aux .tar.gz", "com1", "LPT³.txt"];
        for (fault, names) in [
            (NameFault::Missing, &[None][..]),
            (NameFault::Empty, &[""].map(Some)),
            (NameFault::Directory, &[".", ".."].map(Some)),
            (NameFault::Separator, &within.map(Some)),
            (NameFault::Separator, &windows.map(Some)),
            (
                NameFault::Reserved,
                &["C:x", "a.txt:stream", "what?"].map(Some),
            ),
            (
                NameFault::Control,
                &["a\0b", "a\nb", "\u{1b}[2J", "a\u{85}"].map(Some),
            ),
            (NameFault::Ending, &["a.", "a ", "..."].map(Some)),
            (NameFault::Device, &devices.map(Some)),
            (NameFault::TooLong, &[Some(long)]),
        ] {
            for &name in names {
                let refused = FrameError::BadName {
                    name: name.map(|name| preview(name.as_bytes())),
                    reason: fault,
                };
                assert_eq!(plain_name(name), Err(refused));
            }
        }
    }
}
