// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Brace expansion, as shells have it: `add{,.sat}.{s32,u32}` stands for four names.

/// All texts that `pattern` stands for, the leftmost braces varying slowest. Braces do not nest.
pub fn braces(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let Some(length) = pattern[open..].find('}') else { return vec![pattern.to_owned()] };
    let (before, after) = (&pattern[..open], &pattern[open + length + 1..]);
    let rest = braces(after);
    pattern[open + 1..open + length]
        .split(',')
        .flat_map(|choice| rest.iter().map(move |rest| format!("{before}{}{rest}", choice.trim())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::braces;

    #[test]
    fn braces_are_expanded_from_the_left() {
        assert_eq!(braces("a"), ["a"]);
        assert_eq!(braces("a{,.b}.{c,d}"), ["a.c", "a.d", "a.b.c", "a.b.d"]);
    }
}
