//! Files: the steps that send and receive one, and the functions that do it.

use super::half::{Half, quoted};
use super::helpers::{check_limit, function};
use super::source::Source;
use super::words::Helpers;
use crate::frame::{Framing, Layout};
use crate::lab::file::{self, RecvFile, SendFile};

/// What a function that receives files holds headers against: the form of the prefix, the limits
/// of file and header.
pub(super) type Limits = (Layout, u64, u64);

impl<'a> Half<'a> {
    fn header_dict(&self, own: Option<file::Framing>) -> Option<Limits> {
        match own.or(self.run.framing)?.0 {
            Framing::HeaderDict {
                layout,
                limit,
                header_limit,
                ..
            } => Some((layout, limit, header_limit)),
            Framing::Length { .. } => None,
        }
    }

    pub(super) fn send_file(&mut self, sent: &'a SendFile) {
        let Some((layout, ..)) = self.header_dict(sent.framing) else {
            // The scenario was not made without one.
            return;
        };
        let function = self.needs.send_file(layout);
        let content = self.literal(&sent.content);
        self.source.assign("content", &content);
        let mut arguments = vec![
            self.socket().to_string(),
            quoted(&sent.filename),
            "content".into(),
            sent.chunk.0.to_string(),
        ];
        arguments.extend(sent.total_size.map(|size| format!("total_size={size}")));
        let mut whole = "content";
        if let Some(index) = sent.alter {
            self.source.line("altered = bytearray(content)");
            self.source.line(format!("altered[{index}] ^= 1"));
            whole = "altered";
        }
        match sent.stop_after {
            Some(end) => arguments.push(format!("sent={whole}[:{end}]")),
            None if sent.alter.is_some() => arguments.push(format!("sent={whole}")),
            None => {}
        }
        self.source
            .line(format!("{function}({})", arguments.join(", ")));
    }

    pub(super) fn recv_file(&mut self, wanted: RecvFile) {
        let Some(limits) = self.header_dict(wanted.framing) else {
            return;
        };
        let function = self.needs.recv_file(limits);
        let in_place = if wanted.in_place {
            ", in_place=True"
        } else {
            ""
        };
        let (socket, slice) = (self.socket(), wanted.slice.0);
        let who = self.who.clone();
        self.source
            .block("with tempfile.TemporaryDirectory() as folder:", |source| {
                source.block("try:", |source| {
                    source.line(format!("{function}({socket}, folder, {slice}{in_place})"));
                });
                source.block("finally:", |source| {
                    source.line(format!(
                        "print(\"{who}directory:\", sorted(os.listdir(folder)))"
                    ));
                });
            });
    }
}

pub(super) fn send_file(words: &Helpers, name: &str, peer: &str, layout: Layout) -> Source {
    let head = format!("def {name}({peer}, filename, content, chunk, total_size=None, sent=None):");
    function(&head, words.send_file, |source| {
        source.lines(&format!(
            "header = {{
    \"filename\": filename,
    \"md5\": hashlib.md5(content).hexdigest(),
    \"total_size\": len(content) if total_size is None else total_size,
}}
header_bytes = json.dumps(header).encode()
{peer}.sendall(struct.pack(\"{layout}\", len(header_bytes)) + header_bytes)
sent = content if sent is None else sent
for start in range(0, len(sent), chunk):
    {peer}.sendall(sent[start : start + chunk])"
        ));
    })
}

pub(super) fn recv_file(words: &Helpers, name: &str, peer: &str, limits: Limits) -> Source {
    let (layout, limit, header_limit) = limits;
    let head = format!("def {name}({peer}, folder, at_most, in_place=False):");
    function(&head, words.recv_file, |source| {
        source.remarked(
            &format!(
                "(header_size,) = struct.unpack(\"{layout}\", recv_exact({peer}, {}))",
                layout.size()
            ),
            words.tuple,
        );
        check_limit(source, "header_size", header_limit);
        source.line(format!(
            "header = json.loads(recv_exact({peer}, header_size))"
        ));
        source.line("print(\"header:\", header)");
        source.line("name, total_size = header[\"filename\"], header[\"total_size\"]");
        check_limit(source, "total_size", limit);
        source.comment(words.plain_name);
        source.lines(
            "unfit = [c for c in name if c in '/\\\\<>:\"|?*' or ord(c) < 32]
if unfit or name in (\"\", \".\", \"..\"):
    raise ValueError(f\"{name!r} is no plain file name\")
target = os.path.join(folder, name)
path = target if in_place else os.path.join(folder, f\".{name}.part\")
file = open(path, \"xb\")
try:
    md5 = hashlib.md5()
    got = 0
    with file:
        while got < total_size:",
        );
        source.lines(&format!(
            "            data = {peer}.recv(min(at_most, total_size - got))"
        ));
        source.lines(
            "            if not data:
                raise ConnectionError(f\"{got} of {total_size} bytes, then the end\")
            file.write(data)
            md5.update(data)
            got += len(data)
            print(f\"{name}: {got}/{total_size}, {100 * got // total_size} %\")
    if md5.hexdigest() != header[\"md5\"]:
        raise ValueError(f\"the md5 of {name!r} is {md5.hexdigest()}\")
except (OSError, ValueError):
    if not in_place:
        os.remove(path)
    raise
if not in_place:
    os.replace(path, target)
print(f\"{name}: whole, {got} bytes\")",
        );
    })
}
