# Each bucket has a key of its own. Only one key admits delivery.

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_kms_key" "open" {
  description = "Flow logs of accepted traffic"
}

resource "aws_kms_key_policy" "open" {
  key_id = aws_kms_key.open.id
  policy = data.aws_iam_policy_document.open.json
}

data "aws_iam_policy_document" "open" {
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  statement {
    sid       = "AllowFlowLogDelivery"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = [aws_kms_key.open.arn]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_kms_key" "locked" {
  description = "Flow logs of rejected traffic"
  policy      = data.aws_iam_policy_document.administration.json
}

data "aws_iam_policy_document" "administration" {
  statement {
    sid       = "Administration"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_s3_bucket" "open" {
  bucket = "acme-accepted-traffic"
}

resource "aws_s3_bucket" "locked" {
  bucket = "acme-rejected-traffic"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "open" {
  bucket = aws_s3_bucket.open.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.open.arn
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "locked" {
  bucket = aws_s3_bucket.locked.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.locked.arn
    }
  }
}
