"""The pool of experts (绩效监管专家库): who knows what, who stands aside, panels by draw."""
