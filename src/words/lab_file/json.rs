//! What is written otherwise than JSON, or this place in it, has it.

use crate::event::Expected;
use crate::lab::fault::{Alien, Fits, Got, Inside, JsonFault};
use crate::lang::Lang;
use crate::words::list;

pub(super) fn json(lang: Lang, fault: &JsonFault) -> String {
    say! { lang, fault;
        JsonFault::Unknown { is_field: true, word, near, valid } =>
            "unknown field `{word}`; {help}",
            "没有 `{word}` 这个字段；{help}",
            help = meant(lang, near.as_deref(), valid);
        JsonFault::Unknown { word, near, valid, .. } =>
            "unknown word `{word}`; {help}",
            "没有 `{word}` 这个词；{help}",
            help = meant(lang, near.as_deref(), valid);
        JsonFault::MissingField(field) =>
            "missing field `{field}` in this object",
            "这个对象缺少字段 `{field}`";
        JsonFault::Twice(key) =>
            "`{key}` stands twice in this object",
            "`{key}` 在这个对象里出现了两次";
        JsonFault::Mismatch { got, fits } =>
            "here stands {got}, and what fits is {fits}",
            "这里是{got}，应该是{fits}",
            got = self::got(lang, got), fits = self::fits(lang, fits);
        JsonFault::NeedsValue(word) =>
            "`{word}` says too little: it needs a value; write `{{ \"{word}\": … }}`",
            "`{word}` 还要有一个值；写成 `{{ \"{word}\": … }}`";
        JsonFault::NoWord(got) =>
            "here stands {got}, and what fits is a word in quotes, or an object with one key; such \
             as `\"accept\"` or `{{ \"recv\": 5 }}` for a step; `lab help writing` has them all",
            "这里是{got}，应该是引号里的一个词，或者只有一个键的对象；例如步骤 `\"accept\"` 或 \
             `{{ \"recv\": 5 }}`，全部见 `lab help writing`",
            got = self::got(lang, got);
        JsonFault::NoValue(found) =>
            "a value belongs here, and there stands `{found}`",
            "这里应该有一个值，却是 `{found}`",
            found = found.escape_debug();
        JsonFault::Alien(Alien::True) => "this is not JSON; write `true`", "这不是 JSON；写成 `true`";
        JsonFault::Alien(Alien::False) => "this is not JSON; write `false`", "这不是 JSON；写成 `false`";
        JsonFault::Alien(Alien::None) => "this is not JSON; leave the key out", "这不是 JSON；去掉这个键就行";
        JsonFault::Alien(Alien::SingleQuotes) =>
            "this is not JSON; texts stand in double quotes: `\"…\"`",
            "这不是 JSON；文本要放在双引号里：`\"…\"`";
        JsonFault::BrokenWord =>
            "the only words without quotes are `true`, `false` and `null`",
            "不带引号的词只有 `true`、`false` 和 `null`";
        JsonFault::BrokenNumber => "this is no number that JSON has", "这不是 JSON 里的数字";
        JsonFault::TrailingComma =>
            "a comma with nothing behind it; take it away",
            "逗号后面没有东西；去掉它";
        JsonFault::Comment =>
            "JSON has no comments; notes go into en.md and zh.md, between `<!--` and `-->`",
            "JSON 没有注释；说明写在 en.md 和 zh.md 里，放在 `<!--` 和 `-->` 之间";
        JsonFault::BareKey =>
            "a key stands in straight quotes; write it like `\"runs\"`",
            "键要放在直引号里；写成 `\"runs\"` 这样";
        JsonFault::NoComma { closing } =>
            "expected `,` or `{closing}`; is there a comma missing before this?",
            "这里应该是 `,` 或 `{closing}`；前面是不是少了逗号？";
        JsonFault::NoColon =>
            "a `:` belongs here, between a key and its value; `{{ \"recv\": 5 }}`",
            "键和值之间要有 `:`，例如 `{{ \"recv\": 5 }}`";
        JsonFault::TwoSteps =>
            "one step is one object with one key; close it before the comma: `{{ \"send\": \"a\" }}, \
             {{ \"send\": \"b\" }}`",
            "一个步骤是只有一个键的对象；逗号之前要先关上：`{{ \"send\": \"a\" }}, {{ \"send\": \"b\" }}`";
        JsonFault::LeftOpen =>
            "this object is not closed before the `]`; is there a `}}` missing?",
            "到 `]` 为止这个对象还没有关上；是不是少了 `}}`？";
        JsonFault::Trailing =>
            "here something follows behind the end; is there a `}}` too many before it?",
            "已经结束了，后面还有内容；前面是不是多了一个 `}}`？";
        JsonFault::Escape =>
            "JSON has no such escape; a backslash is written `\\\\`, a byte that is no text with \
             `hex`",
            "JSON 没有这种转义；反斜杠写成 `\\\\`，不是文本的字节用 `hex`";
        JsonFault::HalfCharacter(written) =>
            "`{written}` is half of a character, and its other half is missing; write the character \
             itself, or bytes that are no text with `hex`",
            "`{written}` 只是半个字符，缺另一半；请直接写这个字符，不是文本的字节用 `hex`";
        JsonFault::TooDeep => "this is nested too deep", "嵌套太深";
        JsonFault::ControlCharacter =>
            "a line break or another control character inside a text; write `\\n` for it, or close \
             the quote",
            "文本里有换行或别的控制字符；换行写成 `\\n`，或者是忘了结束引号";
        JsonFault::EndsInside(Inside::Value) =>
            "the text ends inside a value; is there a `}}`, a `]` or a quote missing?",
            "这里还差一个值，文件就结束了；是不是少了 `}}`、`]` 或引号？";
        JsonFault::EndsInside(inside) =>
            "the text ends inside {inside}; is there a `}}`, a `]` or a quote missing?",
            "文件在{inside}中间就结束了；是不是少了 `}}`、`]` 或引号？",
            inside = phrase! { lang, inside;
                Inside::List => "a list", "列表";
                Inside::Object => "an object", "对象";
                Inside::Text => "a string", "文本";
                Inside::Value => "a value", "值";
            };
        JsonFault::Other(said) => "{said}", "读不懂（`{said}`）";
    }
}

/// What would be right in place of a word that is not known.
fn meant(lang: Lang, near: Option<&str>, valid: &[String]) -> String {
    say! { lang, near;
        Some(near) => "did you mean `{near}`?", "是不是想写 `{near}`？";
        None =>
            "valid here: {valid}",
            "这里可以写：{valid}",
            valid = list::names(lang, valid.iter().map(String::as_str));
    }
}

fn got(lang: Lang, got: &Got) -> String {
    say! { lang, got;
        Got::Text(text) => "the text {text}", "文本 {text}";
        Got::Number(number) => "the number `{number}`", "数字 `{number}`";
        Got::Word(word) => "the word `{word}`", "词 `{word}`";
        Got::AnyNumber => "a number", "数字";
        Got::AnyWord => "true or false", " `true` 或 `false`";
        Got::Object => "an object", "对象";
        Got::EmptyObject => "an empty object", "空的对象";
        Got::List => "a list", "列表";
        Got::Null => "null", " `null`";
        Got::Other(what) => "{what}", "别的东西（`{what}`）";
    }
}

fn fits(lang: Lang, fits: &Fits) -> String {
    say! { lang, fits;
        Fits::Number { from, to: Some(to) } =>
            "a whole number from {from} to {to}",
            " {from} 到 {to} 的整数";
        Fits::Number { from, to: None } => "a whole number from {from} on", "不小于 {from} 的整数";
        Fits::List => "a list: `[ … ]`", "列表：`[ … ]`";
        Fits::Object => "an object: `{{ … }}`", "对象：`{{ … }}`";
        Fits::ObjectOf(keys) =>
            "an object, `{{ … }}`, with keys from these: {keys}",
            "对象 `{{ … }}`，可用的键有：{keys}",
            keys = list::names(lang, keys.iter().map(String::as_str));
        Fits::Text => "a text in quotes", "引号里的文本";
        Fits::Bool => "true or false", " `true` 或 `false`";
        Fits::WordAlone => "the word alone, as in `\"close\"`", "单独的一个词，例如 `\"close\"`";
        Fits::Own(Expected::CountOrBounds) =>
            "a whole number from 0 on, or an object with `at_least` or `at_most`",
            "不小于 0 的整数，或者带 `at_least` 或 `at_most` 的对象";
        Fits::Own(Expected::ReadsOrAnyLegal) =>
            "a list of payloads, or \"any-legal\"",
            "数据的列表，或者 \"any-legal\"";
        Fits::Own(Expected::TextOrPayload) =>
            "a text, or an object with `text` or `hex`, and `times`",
            "文本，或者带 `text` 或 `hex`、以及 `times` 的对象";
        Fits::Own(Expected::StepsOrElsewhere) =>
            "a list of steps, or \"elsewhere\"",
            "步骤的列表，或者 \"elsewhere\"";
        Fits::Other(what) => "{what}", "另一种值（`{what}`）";
    }
}
