module ossicle/bench

go 1.19

require (
	gonum.org/v1/gonum v0.14.0
	ossicle v0.0.0
)

replace ossicle => ../
