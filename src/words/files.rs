//! What is said about files, in each language.

use super::{bytes, group, list};
use crate::event::StoredFile;
use crate::lang::Lang;
use crate::report::{FileFate, Received};
use crate::safe;

/// How much of a file is there, in whole percent. Of a file without bytes all is there.
pub(crate) fn percent(have: u64, need: u64) -> u64 {
    if need == 0 {
        return 100;
    }
    u64::try_from(u128::from(have) * 100 / u128::from(need)).unwrap_or(100)
}

/// What became of a file.
pub(crate) fn received(lang: Lang, file: &Received) -> String {
    let mut says = Vec::new();
    if let Some(need) = file.need {
        let (have, percent) = (group(file.have), percent(file.have, need));
        let (reads, whole) = (group(file.reads), group(need));
        says.push(say!(
            lang,
            "{have} of {whole} bytes came ({percent} %), in {reads} reads",
            "收到 {have}/{whole} 字节（{percent} %），用了 {reads} 次 recv"
        ));
    }
    if file.verified {
        says.push(say!(lang, "md5 right", "md5 相符"));
    }
    let beside = file.beside.as_deref().map(safe::words);
    says.push(say! { lang, (file.fate, beside);
        (FileFate::None, _) => "no file was created", "没有建立文件";
        (FileFate::Saved, Some(beside)) =>
            "written as {beside}, renamed when it was whole",
            "先写成 {beside}，写全之后才改名";
        (FileFate::Saved, None) =>
            "written under its own name from the first byte",
            "从第一个字节起就写在目标名下";
        (FileFate::Removed, beside) =>
            "written as {beside}, which was removed",
            "写成的 {beside} 已经删除",
            beside = beside.unwrap_or_default();
        (FileFate::Left, _) =>
            "written under its own name, and so it stays",
            "从一开始就写在目标名下，留了下来";
        (FileFate::Stray, beside) =>
            "{beside} was not removed",
            "{beside} 没有删掉",
            beside = beside.unwrap_or_default();
    });
    says.join(phrase!(lang, "; ", "；"))
}

/// What lies in the receiving directory.
pub(crate) fn directory(lang: Lang, files: &[StoredFile]) -> String {
    if files.is_empty() {
        return say!(lang, "directory: empty", "目录：空");
    }
    let files: Vec<String> = files
        .iter()
        .map(|file| {
            let (name, size) = (safe::words(&file.name), bytes(lang, file.size));
            say!(lang, "{name} ({size})", "{name}（{size}）")
        })
        .collect();
    let files = list::names(lang, files);
    say!(lang, "directory: {files}", "目录：{files}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_file_without_bytes_all_is_there() {
        assert_eq!(percent(0, 0), 100);
        assert_eq!((percent(0, 5), percent(4999, 5000)), (0, 99));
        assert_eq!(percent(5000, 5000), 100);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
    }
}
