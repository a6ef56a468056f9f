//! `expr = product { ( "+" | "-" ) product }`, `product = factor { ( "*" | "/" | "%" ) factor }`.
//!
//! Both group to the left.

use super::{OPERATORS, Parser, Result, words};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{ArithmeticOp, Expr, ExprKind, Spanned};

impl Parser<'_, '_> {
    /// Sums and differences.
    pub fn expr(&mut self) -> Result<Expr> {
        self.chain(Self::product, |kind| match kind {
            TokenKind::Mark("+") => Some(ArithmeticOp::Add),
            TokenKind::Mark("-") => Some(ArithmeticOp::Subtract),
            _ => None,
        })
    }

    fn product(&mut self) -> Result<Expr> {
        self.chain(Self::factor, |kind| match kind {
            TokenKind::Mark("*") => Some(ArithmeticOp::Multiply),
            TokenKind::Mark("/") => Some(ArithmeticOp::Divide),
            TokenKind::Mark("%") => Some(ArithmeticOp::Remainder),
            _ => None,
        })
    }

    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Result<Expr>,
        op_of: fn(&TokenKind) -> Option<ArithmeticOp>,
    ) -> Result<Expr> {
        let start = self.at;
        let mut left = operand(self)?;
        while let Some(op) = op_of(self.kind()) {
            self.count_operator()?;
            self.advance();
            let right = operand(self)?;
            let node = ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) };
            left = Spanned::new(node, self.since(start));
        }
        Ok(left)
    }

    /// A chain of operators is a tree as deep as the chain is long.
    fn count_operator(&mut self) -> Result<()> {
        if self.operators >= OPERATORS {
            return Err(self.fault_here(words::too_long()));
        }
        self.operators += 1;
        Ok(())
    }
}
