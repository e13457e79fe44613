module ossicle

go 1.19
