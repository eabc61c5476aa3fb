//! The steps that read: once, to the end, exactly so much, with a famous mistake, messages, files.

use super::functions::shown;
use super::literal::{Literal, codec, quoted};
use super::program::Program;
use super::template::Values;
use crate::event::SizeForm;
use crate::frame::{self, Framing};
use crate::lab::file::{
    Ask, AtEnd, Counting, Echo, RecvFile, RecvFrames, RecvLoop, RecvText, Until,
};
use crate::text::TextErrors;

impl Program<'_> {
    /// Notes in which variable the message last taken is.
    fn takes(&mut self, variable: &'static str) {
        self.message = variable;
        self.has_text = false;
    }

    /// One read, and what it returned.
    pub(super) fn recv(&mut self, size: usize) {
        let quickack = self.quickack.map(u32::from);
        let values: &Values<'_> = &[
            ("size", &size),
            ("shown", &shown(size, "data")),
            ("sets_quickack", &quickack.is_some()),
            ("quickack", &quickack.unwrap_or_default()),
        ];
        self.put("recv", values);
        self.takes("data");
    }

    pub(super) fn recvfrom(&mut self, size: usize) {
        self.has_met_client = true;
        self.put(
            "recvfrom",
            &[("size", &size), ("shown", &shown(size, "data"))],
        );
        self.takes("data");
    }

    pub(super) fn recv_text(&mut self, recv: RecvText) {
        let values: &Values<'_> = &[
            ("codec", &codec(recv.encoding)),
            ("strict", &(recv.errors == TextErrors::Strict)),
            ("ignore", &(recv.errors == TextErrors::Ignore)),
            ("incremental", &(recv.errors == TextErrors::Incremental)),
        ];
        self.around("recv_text", values, |program| program.recv(recv.size.0));
    }

    pub(super) fn echo(&mut self, echo: &Echo) {
        let prefix = Literal::utf8(&echo.prefix);
        let prefix = (!echo.prefix.is_empty()).then(|| self.writer.expression(&prefix));
        let answer = match (prefix, echo.upper) {
            (None, false) => "data".into(),
            (None, true) => "data.upper()".into(),
            (Some(prefix), false) => format!("{prefix} + data"),
            (Some(prefix), true) => format!("({prefix} + data).upper()"),
        };
        let is_datagram = !self.transport.has_connections() && !self.is_connected;
        let values: &Values<'_> = &[("answer", &answer), ("is_datagram", &is_datagram)];
        self.around("echo", values, |program| {
            if is_datagram {
                program.recvfrom(echo.size.0);
            } else {
                program.recv(echo.size.0);
            }
        });
    }

    pub(super) fn recv_exact(&mut self, size: usize) {
        self.functions.exact(size);
        self.put("recv_exactly", &[("size", &size)]);
        self.takes("data");
    }

    pub(super) fn recv_loop(&mut self, rules: RecvLoop) {
        let RecvLoop {
            size,
            until,
            ask,
            count,
            at_end,
            once,
        } = rules;
        let size = size.0;
        let (wanted, fits) = match until {
            Until::Bytes(n) => (n.to_string(), n <= size as u64),
            Until::Announced => ("size".into(), false),
        };
        let is_right = (ask, count, at_end) == (Ask::Rest, Counting::EachRead, AtEnd::Stop);
        if once {
            self.recv_once(size, &wanted, ask, fits);
        } else if is_right && fits {
            self.recv_exact(wanted.parse().unwrap_or(size));
        } else if is_right {
            self.functions.slices = true;
            self.put("recv_in_slices", &[("wanted", &wanted), ("size", &size)]);
        } else {
            let said = match until {
                Until::Bytes(_) => wanted.clone(),
                Until::Announced => format!("{{{wanted}}}"),
            };
            let most = match at_end {
                AtEnd::Stop => None,
                AtEnd::GoOnFor(most) => Some(most.0),
            };
            let values: &Values<'_> = &[
                ("size", &size),
                ("wanted", &wanted),
                ("said", &said),
                ("asks_for_size", &(ask == Ask::Size)),
                ("counts_all", &(count == Counting::AllSoFar)),
                ("goes_on", &most.is_some()),
                ("most", &most.unwrap_or_default()),
            ];
            self.put("recv_wrongly", values);
        }
        self.takes("data");
    }

    fn recv_once(&mut self, size: usize, wanted: &str, ask: Ask, fits: bool) {
        let (asked, said) = match ask {
            Ask::Size => (size.to_string(), size.to_string()),
            Ask::Rest if fits => (wanted.into(), wanted.into()),
            Ask::Rest => ("rest".into(), "{rest}".into()),
        };
        let values: &Values<'_> = &[
            ("size", &size),
            ("wanted", &wanted),
            ("asked", &asked),
            ("said", &said),
            ("has_rest", &(asked == "rest")),
            ("shown", &shown(size, "data")),
        ];
        self.put("recv_once", values);
    }

    pub(super) fn parse_size(&mut self, form: &SizeForm) {
        let (before, behind) = form.as_str().split_once("{size}").unwrap_or_default();
        let cut = |method: &str, fixed: &str| match fixed {
            "" => String::new(),
            fixed => format!(".{method}({})", quoted(fixed)),
        };
        let (before, behind) = (cut("removeprefix", before), cut("removesuffix", behind));
        let digits = format!("{}.decode(){before}{behind}", self.message);
        self.put("parse_size", &[("digits", &digits)]);
    }

    pub(super) fn recv_frames(&mut self, frames: &RecvFrames) {
        let Some((framing, several)) = self.reads else {
            return;
        };
        let largest = frames.sizes.iter().map(|size| size.0).max();
        let receive = self
            .functions
            .receive(framing, several, largest.unwrap_or(0));
        let sizes: Vec<String> = frames.sizes.iter().map(|size| size.0.to_string()).collect();
        let sizes = sizes.join(", ");
        let values: &Values<'_> = &[
            ("receive", &receive),
            ("sizes", &sizes),
            ("has_sizes", &several),
            ("argument", &if several { "sizes" } else { sizes.as_str() }),
            ("once", &(frames.count.get() == 1)),
            ("count", &frames.count),
        ];
        self.put("recv_messages", values);
        self.takes("message");
    }

    pub(super) fn recv_file(&mut self, file: &RecvFile) {
        let framing = file.framing.or(self.run.framing);
        let Some(Framing::HeaderDict {
            layout,
            limit,
            header_limit,
            ..
        }) = framing.map(|framing| framing.0)
        else {
            // The scenario was not made with one.
            return;
        };
        let largest = usize::try_from(frame::DEFAULT_HEADER_LIMIT);
        self.functions.exact(largest.unwrap_or(usize::MAX));
        let values: &Values<'_> = &[
            ("prefix", &layout.size()),
            ("layout", &layout),
            ("limit", &limit),
            ("header_limit", &header_limit),
            ("in_place", &file.in_place),
        ];
        self.around("recv_file", values, |program| {
            let part = if file.in_place { "name" } else { "part" };
            program.put("write_file", &[("part", &part), ("slice", &file.slice.0)]);
        });
    }
}
