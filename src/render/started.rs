//! What is said when a lab has been written to begin with.

use super::{View, safe, words};

/// Says what is in the directory `dir`, and which commands come next.
pub fn started(dir: &str, view: &View) -> String {
    let said = words::page::started(view.lang, &safe::words(dir));
    if view.ascii { safe::ascii(&said) } else { said }
}
