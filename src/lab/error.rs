//! What is wrong with a lab: where it stands, and the nearest thing that would be right.

use super::fault::Fault;

/// A place in a text file, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The place of an offset.
    pub(super) fn at(text: &str, offset: usize) -> Self {
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// A lab that cannot be used. It is shown in English where nobody's language is known; what a person
/// reads comes from `words/lab_file/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabError {
    /// The file, as the person named it.
    pub file: String,
    /// Where in it; none if the file could not be read at all.
    pub place: Option<Place>,
    /// What is wrong.
    pub what: Box<Fault>,
}

impl LabError {
    /// Something wrong with a file, at no place in it.
    pub(crate) fn new(file: impl Into<String>, what: impl Into<Fault>) -> Self {
        Self {
            file: file.into(),
            place: None,
            what: Box::new(what.into()),
        }
    }

    /// The same at a place in the file.
    pub(crate) fn at(self, place: Place) -> Self {
        let place = Some(place);
        Self { place, ..self }
    }
}

impl std::error::Error for LabError {}

/// The candidate that is most like the word, if one is like it at all: what begins otherwise is
/// another word, unless little else is.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let is_slip = |candidate: &str| {
        candidate.chars().next() == word.chars().next()
            || strsim::damerau_levenshtein(&word, candidate) * 4 <= word.chars().count()
    };
    // One slip is nearer than any other likeness, which says little of short words.
    let likeness = |candidate: &str| match strsim::damerau_levenshtein(&word, candidate) {
        0..=1 => 1.0,
        _ => strsim::jaro_winkler(&word, candidate),
    };
    candidates
        .into_iter()
        .filter(|candidate| is_slip(candidate))
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_nearest_word_is_near() {
        let nearest = |word| {
            let words = "send send_frame recv recv_frames pause await";
            super::nearest(word, words.split(' '))
        };
        assert_eq!(nearest("recieve"), Some("recv"));
        assert_eq!(nearest("SEND"), Some("send"));
        assert_eq!(nearest("await_"), Some("await"));
        assert_eq!(nearest("xyzzy"), None);
        assert_eq!(nearest("nodes"), None);
        assert_eq!(nearest("edncv"), None);
    }
}
