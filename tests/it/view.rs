//! The views that pictures are tested in, where nothing else is said.

use sticky_lab::event::WireDetail;
use sticky_lab::lang::Lang;
use sticky_lab::render::{Colour, Detail, Form, View};

/// Without colour, 80 columns wide.
pub(crate) const EN: View = View {
    form: Form::Picture,
    lang: Lang::En,
    colour: Colour::None,
    ascii: false,
    width: 80,
    has_evidence: true,
    wire: WireDetail::Data,
    detail: Detail::Full,
    hex: false,
};

/// The same in Chinese.
pub(crate) const ZH: View = View {
    lang: Lang::Zh,
    ..EN
};

/// The same in the linear form.
pub(crate) fn plain(view: &View) -> View {
    View {
        form: Form::Plain,
        ..*view
    }
}
