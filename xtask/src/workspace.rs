//! The files of the workspace, as the checks see them.
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A workspace with the list of its files.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Folder that holds the workspace's manifest.
    pub root: PathBuf,
    /// Files below it that belong to the repository, as paths below the root with `/`, sorted.
    pub files: Vec<String>,
}

impl Workspace {
    /// The workspace that this program was built in.
    ///
    /// # Errors
    /// When its folder cannot be listed.
    pub fn open() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in no workspace")?;
        Self::at(root)
    }

    /// The workspace in `root`: what git would commit, or every file where there is no git.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn at(root: &Path) -> Result<Self> {
        let mut files = match listed_by_git(root) {
            Some(files) => files,
            None => walked(root)?,
        };
        files.retain(|file| root.join(file).is_file());
        files.sort();
        files.dedup();
        Ok(Self { root: root.to_owned(), files })
    }

    /// The text of a file; `None` when it is missing or is not UTF-8.
    #[must_use]
    pub fn text(&self, file: &str) -> Option<String> {
        std::fs::read_to_string(self.root.join(file)).ok()
    }

    /// Files whose name ends with `.extension`.
    pub fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a String> {
        self.files.iter().filter(move |file| Path::new(file).extension().is_some_and(|found| found == extension))
    }

    /// The manifests of the workspace's packages, the root's own left out.
    ///
    /// # Errors
    /// When a manifest cannot be read or is not TOML.
    pub fn manifests(&self) -> Result<Vec<Manifest>> {
        self.files
            .iter()
            .filter(|file| file.ends_with("/Cargo.toml"))
            .map(|file| {
                let text = self.text(file).with_context(|| format!("{file} cannot be read"))?;
                Manifest::parse(file, &text)
            })
            .collect()
    }
}

/// What the checks need of a package's manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Path below the root.
    pub path: String,
    /// Name of the package.
    pub package: String,
    /// Names of the packages it depends on, for building and for its tests alike, sorted.
    pub dependencies: Vec<String>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// When it is not TOML or names no package.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().with_context(|| format!("{path} is not TOML"))?;
        let package = table
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(toml::Value::as_str)
            .with_context(|| format!("{path} names no package"))?
            .to_owned();
        let mut dependencies = Vec::new();
        collect_dependencies(&table, &mut dependencies);
        let targets = table.get("target").and_then(toml::Value::as_table);
        for target in targets.into_iter().flat_map(toml::Table::values).filter_map(toml::Value::as_table) {
            collect_dependencies(target, &mut dependencies);
        }
        dependencies.sort();
        dependencies.dedup();
        Ok(Self { path: path.to_owned(), package, dependencies })
    }
}

fn collect_dependencies(table: &toml::Table, into: &mut Vec<String>) {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, value) in table.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
            let renamed = value.get("package").and_then(toml::Value::as_str);
            into.push(renamed.unwrap_or(name).to_owned());
        }
    }
}

fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    if !root.join(".git").exists() {
        return None;
    }
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let names = String::from_utf8_lossy(&output.stdout);
    Some(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn walked(root: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("{} cannot be listed", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with("target") && name != ".git" {
                    folders.push(path);
                }
            } else if let Ok(below) = path.strip_prefix(root) {
                files.push(below.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_lists_the_dependencies_of_every_kind_under_their_own_names() {
        let text = "[package]\nname = \"p\"\n[dependencies]\nb = \"1\"\nalias = { package = \"c\", version = \"1\" }\n\
                    [dev-dependencies]\na = \"1\"\n[target.'cfg(unix)'.dependencies]\nd = \"1\"\n";
        let manifest = Manifest::parse("p/Cargo.toml", text).unwrap();
        assert_eq!(manifest.dependencies, ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_folder_without_git_is_walked_and_build_output_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["a.rs", "deep/b.rs", "target/c.rs"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        assert_eq!(Workspace::at(folder.path()).unwrap().files, ["a.rs", "deep/b.rs"]);
    }
}
