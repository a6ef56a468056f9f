# The rules of ../../routing.toml in Rego, on one plane: what is not said is not so.
package routing

import rego.v1

no_change if input.changed == false

break_fix if {
	no_change
	input.working == true
}

in_scope if input.product == "platform"

custom_connector if input.connector == "custom"

rule_to_blame if {
	input.rule_involved == true
	input.fails_alone == false
}

other_work if input.need == "build"
other_work if input.need == "change"
other_work if input.working == false
other_work if input.changed == true
other_work if input.data_quality == true
other_work if custom_connector
other_work if rule_to_blame

of_access if input.subject in {"access_profile", "role"}

new_access if {
	input.need in {"build", "change"}
	of_access
}

customer_can if {
	in_scope
	new_access
	input.help_wanted == false
}

listed if {
	new_access
	input.help_wanted == true
}

lost if {
	is_string(input.need)
	not input.need in {"build", "change"}
	of_access
	input.symptom == "not_provisioning"
	input.working == true
}

urgent if {
	is_number(input.users)
	input.users >= 500
}

support if {
	in_scope
	break_fix
}

support if {
	in_scope
	lost
}

services if {
	in_scope
	other_work
}

services if {
	in_scope
	listed
}

team := "on_call" if {
	urgent
	in_scope
	input.symptom == "inaccessible"
} else := "customer" if {
	customer_can
} else := "support" if {
	support
} else := "services" if {
	services
} else := "desk" if {
	input.product == "nerm"
} else := "out_of_scope" if {
	input.product == "other"
}
