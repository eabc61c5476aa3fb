//! A value of the right type that cannot be.

use crate::event::{BadValue, MAX_PAYLOAD, MAX_SIZE};
use crate::lab::file::MAX_CHUNK;
use crate::lang::Lang;

pub(super) fn value(lang: Lang, value: &BadValue) -> String {
    say! { lang, value;
        BadValue::Mtu(n) => "an MTU is 576 to 65536 bytes, not {n}", "MTU 是 576 到 65536 字节，不能是 {n}";
        BadValue::ReadSize(n) =>
            "a read offers 1 to {MAX_SIZE} bytes, not {n}",
            "一次读可以要 1 到 {MAX_SIZE} 字节，不能是 {n}";
        BadValue::Chunk(n) =>
            "a file moves in chunks of 1 to {MAX_CHUNK} bytes, not {n}",
            "文件每块 1 到 {MAX_CHUNK} 字节，不能是 {n}";
        BadValue::EmptyReads(n) =>
            "a loop goes on for 1 to 1000 empty reads, not {n}",
            "循环可以容忍 1 到 1000 次空读，不能是 {n}";
        BadValue::SizeForm(text) =>
            "`{text}` does not say once where the number stands; write `ready|{{size}}`",
            "`{text}` 要恰好有一处写明数字的位置；写成 `ready|{{size}}`",
            text = text.escape_debug();
        BadValue::Span { text, why } =>
            "`{text}` is not a span of time ({why}); write `2ms` or `5s`",
            "`{text}` 不是一段时间；写成 `2ms` 或 `5s`",
            text = text.escape_debug();
        BadValue::LongSpan => "a span of time here is at most 1h", "这里的时间最长 1h";
        BadValue::NoTimeout =>
            "a timeout is at least 1ms; zero means to the kernel that the call waits for ever: \
             leave it out for that",
            "超时至少 1ms；对内核来说，零就是一直等下去：要那样就去掉这一项";
        BadValue::Label(text) =>
            "`{text}` is not a message label: A, B, … or a, b, …",
            "`{text}` 不是消息的字母：A、B…… 或 a、b……";
        BadValue::HexDigit(c) =>
            "`{c}` is not a hexadecimal digit",
            "`{c}` 不是十六进制数字",
            c = c.escape_default();
        BadValue::HalfByte =>
            "the last byte has only one hexadecimal digit",
            "最后一个字节只有一位十六进制数字";
        BadValue::NoSuchCharacter =>
            "this text has a character that its encoding has not",
            "这段文本里有它的编码表示不了的字符";
        BadValue::EncodingOfHex => "`encoding` goes with `text`", "`encoding` 只和 `text` 一起用";
        BadValue::TextOrHex =>
            "a payload has either `text` or `hex`",
            "数据写 `text` 或 `hex`，二者必有其一";
        BadValue::PayloadSize =>
            "a payload has at most {MAX_PAYLOAD} bytes and `times` at least 1",
            "数据最多 {MAX_PAYLOAD} 字节，`times` 至少是 1";
        BadValue::Recvs(text) =>
            "`{text}` alone says nothing of the reads; write a list with an entry for each read, \
             or \"any-legal\"",
            "只写 `{text}` 说明不了读到什么；请写一个列表，每次读一项，或者写 \"any-legal\"",
            text = text.escape_debug();
        BadValue::Side(text) =>
            "`{text}` is no side; write a list of steps, or \"elsewhere\" for a program that is \
             started in another terminal",
            "`{text}` 不是一端；请写步骤的列表，或者写 \"elsewhere\"，表示在另一个终端里启动的程序",
            text = text.escape_debug();
        BadValue::WithHeaderDict(key) =>
            "`{key}` goes with `header_dict`",
            "`{key}` 只和 `header_dict` 一起用";
        BadValue::LengthOrHeaderDict =>
            "a framing has either `length` or `header_dict`",
            "`framing` 写 `length` 或 `header_dict`，二者必有其一";
        BadValue::ZeroByte => "a command has no zero bytes in it", "命令里不能有零字节";
        BadValue::NoProgram =>
            "a command is a program and its arguments: `[\"seq\", \"1\", \"400\"]`",
            "命令是一个程序和它的参数：`[\"seq\", \"1\", \"400\"]`";
        BadValue::Until =>
            "`until` is a number of bytes, or \"announced\"",
            "`until` 是字节数，或者 \"announced\"";
    }
}
