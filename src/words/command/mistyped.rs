//! What was mistyped, in Chinese: the English is the parser's own.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lang::Lang;
use crate::words::help;

/// What is wrong with the command line, how the command is given, and where more is said. Nothing
/// where it is left to the parser, which speaks English.
pub(crate) fn mistyped(lang: Lang, error: &Error) -> Option<String> {
    let Lang::Zh = lang else { return None };
    let mut said = format!("lab: {}", mistake(error)?);
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        said = said + "\n\n" + &help::of(lang)?.usage(&usage.to_string());
    }
    Some(said + "\n\n各项用法见 --help。")
}

fn mistake(error: &Error) -> Option<String> {
    let word = |kind| match error.get(kind)? {
        ContextValue::String(word) => Some(word.as_str()),
        _ => None,
    };
    let words = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => vec![format!("`{word}`")],
        Some(ContextValue::Strings(words)) => words.iter().map(|w| format!("`{w}`")).collect(),
        _ => Vec::new(),
    };
    let number = |kind| match error.get(kind)? {
        ContextValue::Number(n) => Some(*n),
        _ => None,
    };
    let argument = word(ContextKind::InvalidArg);
    let value = word(ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            let argument = argument?;
            if !argument.starts_with('-') {
                return Some(format!("`{argument}` 是多余的"));
            }
            let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand];
            let meant = meant
                .into_iter()
                .find_map(word)
                .map_or_else(String::new, |meant| format!("；是不是想写 `{meant}`？"));
            format!("没有 `{argument}` 这个选项{meant}")
        }
        ErrorKind::InvalidValue => {
            let argument = argument?;
            let wrong = match value? {
                "" => format!("`{argument}` 后面还缺一个值"),
                value => format!("`{argument}` 的值不能是 `{value}`"),
            };
            match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(possible)) if !possible.is_empty() => {
                    format!("{wrong}；可选：{}", possible.join("、"))
                }
                _ => wrong,
            }
        }
        ErrorKind::ValueValidation => {
            let (argument, value) = (argument?, value?);
            let wanted = wanted(argument)?;
            format!("`{argument}` 的值不能是 `{value}`：{wanted}")
        }
        ErrorKind::MissingRequiredArgument => {
            format!("还缺 {}", words(ContextKind::InvalidArg).join("、"))
        }
        ErrorKind::ArgumentConflict => {
            let others = words(ContextKind::PriorArg).join("、");
            match argument {
                Some(argument) if others == format!("`{argument}`") => {
                    format!("{others} 只能给一次")
                }
                Some(argument) => format!("`{argument}` 不能和 {others} 一起用"),
                // What the parser takes for the command need not be one.
                None => format!("命令前面不能有 {others}"),
            }
        }
        ErrorKind::TooManyValues => {
            format!("`{}` 是多余的：`{}` 不再要别的值", value?, argument?)
        }
        ErrorKind::TooFewValues => {
            let least = number(ContextKind::MinValues)?;
            let given = number(ContextKind::ActualNumValues)?;
            format!("`{}` 至少要 {least} 个值，只给了 {given} 个", argument?)
        }
        ErrorKind::NoEquals => format!("`{}` 的值要用等号连着写", argument?),
        _ => return None,
    })
}

/// What an argument takes that takes not everything.
fn wanted(argument: &str) -> Option<&'static str> {
    Some(match argument.split(' ').next()? {
        "--mtu" => "要 576 到 65536 之间的整数，单位是字节",
        "--width" => "画图要 60 到 1000 列；--plain 不挑宽度",
        "--repeat" | "--times" => "要 1 到 1000000 之间的整数",
        "--load" => "要 0 到 256 之间的整数",
        _ => return None,
    })
}
