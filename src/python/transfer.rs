//! A file that is sent and received, as a program does that keeps its memory small.

use super::half::{Half, quoted};
use super::words;
use crate::frame::{self, Framing, Layout};
use crate::lab::file::{Framing as Written, RecvFile, SendFile};

/// A header dict's layout and limits, as far as a file is framed in one.
struct HeaderDict {
    layout: Layout,
    limit: u64,
    header_limit: u64,
}

impl<'a> Half<'a> {
    fn header_dict(&self, own: Option<Written>) -> Option<HeaderDict> {
        match own.or(self.run.framing)?.0 {
            Framing::HeaderDict {
                layout,
                limit,
                header_limit,
                ..
            } => Some(HeaderDict {
                layout,
                limit,
                header_limit,
            }),
            // The scenario was not made with one.
            Framing::Length { .. } => None,
        }
    }

    pub(super) fn send_file(&mut self, file: &'a SendFile) {
        let Some(HeaderDict { layout, .. }) = self.header_dict(file.framing) else {
            return;
        };
        for module in ["hashlib", "json", "struct"] {
            self.needs.module(module);
        }
        let content = self.expression(&file.content);
        self.source.line(format!("content = {content}"));
        let size = file
            .total_size
            .map_or_else(|| "len(content)".into(), |size| size.to_string());
        let opened = self.source.open("header = {");
        self.source
            .line(format!("\"filename\": {},", quoted(&file.filename)));
        self.source
            .line("\"md5\": hashlib.md5(content).hexdigest(),");
        self.source.line(format!("\"total_size\": {size},"));
        self.source.close(opened);
        self.source.line("}");
        self.source
            .line("header_bytes = json.dumps(header).encode()");
        self.source.line(format!(
            "prefix = struct.pack(\"{layout}\", len(header_bytes))"
        ));
        if let Some(index) = file.alter {
            self.source.comment(words::alters(self.lang));
            self.source.line("content = bytearray(content)");
            self.source.line(format!("content[{index}] ^= 1"));
        }
        if let Some(end) = file.stop_after {
            self.source.comment(words::stops(self.lang));
            self.source.line(format!("content = content[:{end}]"));
        }
        self.line_on("sendall", "prefix + header_bytes");
        let (socket, chunk) = (self.socket(), file.chunk.0);
        let head = format!("for start in range(0, len(content), {chunk}):");
        self.source.block(&head, |source| {
            source.line(format!("end = start + {chunk}"));
            source.line(format!("{socket}.sendall(content[start:end])"));
        });
    }

    pub(super) fn recv_file(&mut self, file: &RecvFile) {
        let Some(dict) = self.header_dict(file.framing) else {
            return;
        };
        for module in ["hashlib", "json", "os", "struct"] {
            self.needs.module(module);
        }
        self.needs
            .exact(usize::try_from(frame::DEFAULT_HEADER_LIMIT).unwrap_or(usize::MAX));
        let (socket, slice) = (self.socket(), file.slice.0);
        let HeaderDict {
            layout,
            limit,
            header_limit,
        } = dict;
        self.source
            .line(format!("prefix = recv_exact({socket}, {})", layout.size()));
        self.source.line(format!(
            "(header_size,) = struct.unpack(\"{layout}\", prefix)"
        ));
        let refuse = |half: &mut Self, so: &str, why: &str| {
            half.source.block(&format!("if {so}:"), |source| {
                source.line(format!("raise ValueError(f\"{why}\")"));
            });
        };
        refuse(
            self,
            &format!("not 0 <= header_size <= {header_limit}"),
            "a header of {header_size} bytes is too much",
        );
        self.source.line(format!(
            "header = json.loads(recv_exact({socket}, header_size))"
        ));
        self.source.line("print(\"header:\", header)");
        self.source.line("name = header[\"filename\"]");
        self.source.comment(words::plain_name(self.lang));
        refuse(
            self,
            "name in (\"\", \".\", \"..\") or set(name) & set(\"/\\\\:\\0\")",
            "not a plain file name: {name!r}",
        );
        self.source.line("rest = header[\"total_size\"]");
        refuse(
            self,
            &format!("not 0 <= rest <= {limit}"),
            "a file of {rest} bytes is too much",
        );
        let part = if file.in_place {
            "name"
        } else {
            self.source.comment(words::beside(self.lang));
            self.source.line("part = name + \".part\"");
            "part"
        };
        self.source.line("md5 = hashlib.md5()");
        let socket_name = socket;
        let write = |source: &mut super::source::Source| {
            source.block(&format!("with open({part}, \"wb\") as file:"), |source| {
                source.block("while rest > 0:", |source| {
                    source.line(format!("chunk = {socket_name}.recv(min({slice}, rest))"));
                    source.block("if not chunk:", |source| {
                        source.line("raise ConnectionError(f\"{rest} bytes short\")");
                    });
                    source.line("file.write(chunk)");
                    source.line("md5.update(chunk)");
                    source.line("rest -= len(chunk)");
                });
            });
            source.block("if md5.hexdigest() != header[\"md5\"]:", |source| {
                source.line("raise ValueError(f\"the md5 is {md5.hexdigest()}\")");
            });
        };
        if file.in_place {
            write(&mut self.source);
        } else {
            self.source.block("try:", |source| {
                write(source);
                source.line("os.replace(part, name)");
            });
            self.source
                .block("except (OSError, ValueError):", |source| {
                    source.line("os.remove(part)");
                    source.line("raise");
                });
        }
        self.source
            .line("print(name, \"is complete, md5\", md5.hexdigest())");
    }
}
