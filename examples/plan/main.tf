# The network of an account: its VPC sends flow logs into two buckets.

resource "aws_flow_log" "accepted" {
  vpc_id               = var.vpc_id
  traffic_type         = "ACCEPT"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.open.arn
}

resource "aws_flow_log" "rejected" {
  vpc_id               = var.vpc_id
  traffic_type         = "REJECT"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.locked.arn
}

variable "vpc_id" {
  type    = string
  default = "vpc-0a1b2c3d4e5f60718"
}

provider "aws" {
  region = "us-east-1"
}
