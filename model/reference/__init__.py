"""What happens with decided policy?"""
