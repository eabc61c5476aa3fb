//! What is said of a read besides its bytes: what it left, and what the decoders made of it.

use super::View;
use super::paint::Ink;
use crate::event::{DecoderState, Read, RunTrace};
use crate::frame::Part;
use crate::lang::Lang;
use crate::text;
use crate::words;

/// What is to be said of a read besides its bytes.
pub(super) fn read_notes(read: &Read, run: &RunTrace, view: &View) -> Vec<(String, Ink)> {
    let lang = view.lang;
    let mut notes = Vec::new();
    let mut note = |text: String, ink| notes.push((text, ink));
    if let (Some(left @ 1..), false) = (read.left, view.is_glance()) {
        // With room in the buffer it took all that was there: this came as it returned.
        let came_later = read.returned < Some(read.asked) && read.truncated.is_none();
        note(words::reads::left(lang, left, came_later), Ink::Plain);
    }
    if let Some(gone @ 1..) = read.truncated {
        let kept = read.hex.0.len() as u64;
        note(words::datagram_cut(lang, kept, gone), Ink::Bad);
    }
    // What asks for nothing gets nothing, whatever there is.
    if read.returned == Some(0) && read.asked > 0 {
        let connected = run.transport.has_connections();
        let empty = if !connected || read.truncated.is_some() {
            words::reads::empty_datagram
        } else {
            words::reads::end_of_stream
        };
        note(empty(lang).into(), Ink::Plain);
    }
    if let Some(text) = &read.text {
        notes.extend(text_notes(text, lang));
    }
    if let Some(decoder) = &read.decoder {
        // At the end of the stream nothing more is waited for; what is missing is a refusal.
        let over = read.returned == Some(0) && read.asked > 0;
        notes.extend(decoder_notes(decoder, over, lang));
    }
    notes
}

/// What a frame decoder made of a read. `over` says that no other one follows.
pub(super) fn decoder_notes(decoder: &DecoderState, over: bool, lang: Lang) -> Vec<(String, Ink)> {
    let out = decoder.out.iter();
    let mut notes: Vec<_> = out
        .map(|message| (words::reads::out(lang, message), Ink::Good))
        .collect();
    if let Some(refused) = &decoder.refused {
        notes.push((words::reads::refused(lang, refused), Ink::Bad));
    } else if !over && decoder.part == Part::Payload && decoder.kept == 0 {
        notes.push((words::reads::handed_on(lang, decoder), Ink::Plain));
    } else if !over && (decoder.kept > 0 || decoder.out.is_empty()) {
        notes.push((words::reads::waiting(lang, decoder), Ink::Plain));
    }
    if decoder.behind > 0 {
        notes.push((words::reads::behind(lang, decoder.behind), Ink::Plain));
    }
    notes
}

/// What a text decoder made of a read.
fn text_notes(text: &text::DecodedText, lang: Lang) -> Vec<(String, Ink)> {
    let ink = if text.failed { Ink::Bad } else { Ink::Good };
    let mut notes = vec![(words::reads::decoded(lang, text), ink)];
    if text.lost > 0 {
        notes.push((words::reads::left_out(lang, text.lost), Ink::Bad));
    }
    if text.kept > 0 {
        notes.push((words::reads::kept(lang, text.kept), Ink::Plain));
    }
    notes
}
