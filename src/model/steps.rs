//! A model's SELECT, cut into steps that are each computed once.
//!
//! polars plans a CTE anew wherever it is named, with all that it is made of: a chain in which each step is named twice
//! costs twice as much with every step. A CTE that is named more than once is therefore a step of its own, whose rows the
//! later ones read; the others stay where they are.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Cte, Query, Visit, With, visit_relations};

/// What to run, in order.
#[derive(Debug, Clone)]
pub struct Steps {
    /// Name and SELECT of what later steps read by this name.
    pub shared: Vec<(String, String)>,
    /// The SELECT that gives the model's rows.
    pub last: String,
}

impl Steps {
    pub fn of(query: &Query) -> Self {
        let whole = || Self {
            shared: Vec::new(),
            last: query.to_string(),
        };
        let Some(with) = &query.with else {
            return whole();
        };
        // What no model does: names that mean something else inside another step.
        let is_plain = |cte: &Cte| cte.query.with.is_none() && cte.alias.columns.is_empty();
        if with.recursive || !with.cte_tables.iter().all(is_plain) {
            return whole();
        }
        let mut last = query.clone();
        last.with = None;
        let readers: Vec<Vec<String>> = with
            .cte_tables
            .iter()
            .map(|cte| relations(&cte.query))
            .chain([relations(&last)])
            .collect();
        let (mut shared, mut inline) = (Vec::new(), Vec::new());
        for cte in &with.cte_tables {
            let name = &cte.alias.name.value;
            let times = readers.iter().flatten().filter(|read| *read == name).count();
            if times > 1 {
                shared.push((name.clone(), select(&cte.query, with, &inline)));
            } else {
                inline.push(cte.clone());
            }
        }
        let last = select(&last, with, &inline);
        Self { shared, last }
    }
}

/// The query with those of the inline CTEs that it needs.
fn select(query: &Query, with: &With, inline: &[Cte]) -> String {
    let mut needed: BTreeSet<String> = relations(query).into_iter().collect();
    let mut needs: Vec<Cte> = Vec::new();
    for cte in inline.iter().rev() {
        if needed.contains(&cte.alias.name.value) {
            needed.extend(relations(&cte.query));
            needs.push(cte.clone());
        }
    }
    needs.reverse();
    let mut query = query.clone();
    query.with = (!needs.is_empty()).then(|| With {
        cte_tables: needs,
        ..with.clone()
    });
    query.to_string()
}

/// The names of the tables that are read, as often as they are named.
fn relations(of: &impl Visit) -> Vec<String> {
    let mut names = Vec::new();
    let _ = visit_relations(of, |relation| {
        names.push(relation.to_string());
        ControlFlow::<()>::Continue(())
    });
    names
}

#[cfg(test)]
mod tests {
    use sqlparser::ast::Statement;
    use sqlparser::dialect::GenericDialect;
    use sqlparser::parser::Parser;

    use super::*;

    fn steps(sql: &str) -> Steps {
        let statements = Parser::parse_sql(&GenericDialect {}, sql).unwrap();
        let [Statement::Query(query)] = statements.as_slice() else {
            panic!("{sql}");
        };
        Steps::of(query)
    }

    #[test]
    fn what_is_named_twice_is_computed_once_with_what_only_it_reads() {
        let steps = steps(
            "WITH a AS (SELECT x FROM t), b AS (SELECT x FROM a), c AS (SELECT x FROM b UNION ALL SELECT x FROM u), \
             d AS (SELECT x FROM b) SELECT c.x FROM c INNER JOIN d ON d.x = c.x",
        );
        let shared = [("b".to_owned(), "WITH a AS (SELECT x FROM t) SELECT x FROM a".to_owned())];
        assert_eq!(steps.shared, shared);
        assert_eq!(
            steps.last,
            "WITH c AS (SELECT x FROM b UNION ALL SELECT x FROM u), d AS (SELECT x FROM b) \
             SELECT c.x FROM c INNER JOIN d ON d.x = c.x"
        );
    }

    #[test]
    fn a_select_without_repeated_steps_stays_as_it_is() {
        for sql in [
            "SELECT 1 AS x",
            "WITH a AS (SELECT x FROM t) SELECT x FROM a",
            "WITH RECURSIVE a AS (SELECT x FROM a) SELECT x FROM a",
        ] {
            let steps = steps(sql);
            assert_eq!((steps.shared.len(), steps.last.as_str()), (0, sql));
        }
    }
}
