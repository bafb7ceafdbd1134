//! What a model's SQL reads: its tables, of each the columns, and in which steps.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use sqlparser::ast::{
    Query, Select, SelectItem, SelectItemQualifiedWildcardKind, Statement, TableFactor, Visit, Visitor, visit_relations,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::steps::Steps;

/// The tables a SELECT names, without its own CTEs. A table with `false` is read by columns that the text names; one
/// with `true` by a `*`, and so whole.
#[derive(Debug)]
pub struct Reads {
    pub tables: BTreeMap<String, bool>,
    pub steps: Steps,
    words: BTreeSet<String>,
}

impl Reads {
    /// Parses one SELECT. The message of the error says what is wrong.
    pub fn of(sql: &str) -> Result<Self, String> {
        let dialect = GenericDialect {};
        let statements = Parser::parse_sql(&dialect, sql).map_err(|e| format!("SQL: {e}"))?;
        let [Statement::Query(query)] = statements.as_slice() else {
            return Err("the file must hold exactly one SELECT".into());
        };
        let mut tables = named_tables(query);
        let mut stars = Stars::default();
        let _ = query.visit(&mut stars);
        for (table, is_whole) in &mut tables {
            *is_whole = stars.0.contains(table);
        }
        let tokens = Tokenizer::new(&dialect, sql)
            .tokenize()
            .map_err(|e| format!("SQL: {e}"))?;
        let words = tokens.into_iter().filter_map(|token| match token {
            Token::Word(word) => Some(word.value),
            _ => None,
        });
        Ok(Self {
            tables,
            steps: Steps::of(query),
            words: words.collect(),
        })
    }

    /// Adds columns that are read beside the SQL.
    pub fn and_columns(&mut self, names: impl IntoIterator<Item = String>) {
        self.words.extend(names);
    }

    /// Whether the SQL may read a column of a table: a column that no word of the text names is never read.
    pub fn needs(&self, table: &str, column: &str) -> bool {
        self.tables.get(table).copied().unwrap_or(true) || self.words.contains(column)
    }
}

fn named_tables(query: &Query) -> BTreeMap<String, bool> {
    let mut named = BTreeMap::new();
    let _ = visit_relations(query, |relation| {
        named.insert(relation.to_string(), false);
        ControlFlow::<()>::Continue(())
    });
    for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
        named.remove(&cte.alias.name.value);
    }
    named
}

/// Collects the tables that a `*` or an `alias.*` spans.
#[derive(Default)]
struct Stars(BTreeSet<String>);

impl Visitor for Stars {
    type Break = ();

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let factors = select
            .from
            .iter()
            .flat_map(|from| std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation)));
        let tables: Vec<(String, String)> = factors
            .filter_map(|factor| match factor {
                TableFactor::Table { name, alias, .. } => {
                    let name = name.to_string();
                    let alias = alias
                        .as_ref()
                        .map_or_else(|| name.clone(), |alias| alias.name.value.clone());
                    Some((alias, name))
                }
                _ => None,
            })
            .collect();
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(_) => self.0.extend(tables.iter().map(|(_, name)| name.clone())),
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(of), _) => {
                    let of = of.to_string();
                    self.0.extend(
                        tables
                            .iter()
                            .filter(|(alias, _)| *alias == of)
                            .map(|(_, name)| name.clone()),
                    );
                }
                _ => {}
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_needed_where_they_are_named_or_spanned_by_a_star() {
        let reads = Reads::of(
            "WITH a AS (SELECT o.* FROM orders AS o INNER JOIN customers AS c ON o.id = c.id), \
             b AS (SELECT * FROM a) SELECT b.id, t.status FROM b INNER JOIN tickets AS t ON t.id = b.id",
        )
        .unwrap();
        let tables: Vec<(&str, bool)> = reads
            .tables
            .iter()
            .map(|(table, whole)| (table.as_str(), *whole))
            .collect();
        assert_eq!(tables, [("customers", false), ("orders", true), ("tickets", false)]);
        assert!(reads.needs("orders", "anything") && reads.needs("tickets", "status"));
        assert!(!reads.needs("tickets", "subject") && !reads.needs("customers", "email"));
    }

    #[test]
    fn a_file_holds_one_select() {
        assert!(Reads::of("SELECT 1; SELECT 2").is_err());
        assert!(Reads::of("DROP TABLE x").is_err());
    }
}
