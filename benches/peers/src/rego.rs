//! regorus: the policy in Rego, compiled for its virtual machine once.

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};

use crate::issue::{Answer, team};

pub struct Rego(RegoVM);

impl Rego {
    pub fn new() -> Self {
        let mut engine = Engine::new();
        engine.add_policy("routing.rego".to_owned(), include_str!("../policy/routing.rego").to_owned()).expect("Rego");
        let entry: Rc<str> = "data.routing.team".into();
        let policy = engine.compile_with_entrypoint(&entry).expect("a policy");
        let program = Compiler::compile_from_policy(&policy, &["data.routing.team"]).expect("a program");
        let mut vm = RegoVM::new();
        vm.load_program(program);
        Self(vm)
    }

    pub fn decide(&mut self, line: &str) -> Answer {
        self.0.set_input(Value::from_json_str(line).expect("a line of JSON"));
        match self.0.execute().expect("an evaluation") {
            Value::String(name) => team(&name),
            _ => None,
        }
    }
}
